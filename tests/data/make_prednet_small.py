"""Golden values for small PredNets, computed in float64 with explicit loops over the equations.

    python make_prednet_small.py        writes prednet_small.npz beside itself (needs numpy)

Independent of the program under test: no convolution routine, no shared code. Equations of Lotter, Kreiman &
Cox (ICLR 2017); hard sigmoid clip(0.2 x + 0.5, 0, 1); E = [relu(Ahat - A), relu(A - Ahat)].
Arrays: {net}/weights/{name}, {net}/frames (time, 3, rows, columns), {net}/{condition}/t{step}.{symbol}{layer}.
Step 3 has no frame: the network's own prediction stands for it.
"""
from pathlib import Path

import numpy as np

STEPS = 4


def conv(x, w, b):
    out, _, kh, kw = w.shape
    rows, columns = x.shape[1:]
    padded = np.zeros((x.shape[0], rows + 2, columns + 2))
    padded[:, 1:-1, 1:-1] = x
    y = np.zeros((out, rows, columns))
    for dy in range(kh):
        for dx in range(kw):
            window = padded[:, dy:dy + rows, dx:dx + columns]
            y += np.tensordot(w[:, :, dy, dx], window, axes=(1, 0))
    return y + b[:, None, None]


def pool(x):
    c, rows, columns = x.shape
    return x.reshape(c, rows // 2, 2, columns // 2, 2).max(axis=(2, 4))


relu = lambda v: np.maximum(v, 0)
hard_sigmoid = lambda v: np.clip(0.2 * v + 0.5, 0, 1)
double = lambda v: v.repeat(2, axis=1).repeat(2, axis=2)


def weights(rng, widths):
    w = {}
    for l, c in enumerate(widths):
        above = widths[l + 1] if l + 1 < len(widths) else 0
        shapes = {g: (3 * c + above, c) for g in "ifoc"} | {"ahat": (c, c)} | ({"a": (2 * c, above)} if above else {})
        for name, (i, o) in shapes.items():
            w[f"layer_{name}_{l}.weight"] = rng.normal(0, 1.6 / np.sqrt(9 * i), (o, i, 3, 3)).astype(np.float32)
            w[f"layer_{name}_{l}.bias"] = rng.normal(0.1, 0.3, o).astype(np.float32)
    return w


def run(w, widths, frames, off=()):
    rows, columns = frames.shape[2:]
    zeros = lambda c, l: np.zeros((c, rows >> l, columns >> l))
    r, c, e = ([zeros(k * n, l) for l, n in enumerate(widths)] for k in (1, 1, 2))
    layer = lambda name, l, x: conv(x, w[f"layer_{name}_{l}.weight"].astype(float), w[f"layer_{name}_{l}.bias"].astype(float))
    out = {}
    for t in range(STEPS):
        for l in reversed(range(len(widths))):
            own = r[l] * ("lateral" not in off)
            u = [own, e[l] * ("error" not in off)]
            if l + 1 < len(widths):
                u.append(double(r[l + 1]) * ("feedback" not in off))
            u = np.concatenate(u)
            i, f, o = (hard_sigmoid(layer(g, l, u)) for g in "ifo")
            c[l] = f * c[l] + i * np.tanh(layer("c", l, u))
            r[l] = o * np.tanh(c[l]) * (f"layer{l}" not in off)
        a = None
        if t < len(frames):
            a = frames[t].astype(float)
            if widths[0] == 1:
                a = (0.299 * a[0] + 0.587 * a[1] + 0.114 * a[2])[None]
        for l in range(len(widths)):
            ahat = relu(layer("ahat", l, r[l]))
            if l == 0:
                ahat = np.minimum(ahat, 1)
            if a is None:
                a = ahat
            e[l] = np.concatenate([relu(ahat - a), relu(a - ahat)]) * (f"layer{l}" not in off)
            for symbol, value in (("A", a), ("Ahat", ahat), ("E", e[l]), ("R", r[l]), ("C", c[l])):
                out[f"t{t}.{symbol}{l}"] = value.astype(np.float32)
            if l + 1 < len(widths):
                a = pool(relu(layer("a", l, e[l])))
    return out


def main():
    rng, arrays = np.random.default_rng(20260101), {}
    for net, widths, rows, columns in (("colour", (3, 4, 5), 8, 16), ("grey", (1, 3), 8, 8)):
        w = weights(rng, widths)
        frames = rng.random((STEPS - 1, 3, rows, columns)).astype(np.float32)
        arrays |= {f"{net}/weights/{k}": v for k, v in w.items()} | {f"{net}/frames": frames}
        conditions = ("intact", "feedback", "lateral", "error", "layer1") if net == "colour" else ("intact",)
        for condition in conditions:
            got = run(w, widths, frames, (condition,))
            # lesioned runs differ from the intact one from the second step on: the last two are enough
            keep = got if condition == "intact" else {k: v for k, v in got.items() if k[:2] in ("t1", "t2") and "A" not in k}
            arrays |= {f"{net}/{condition}/{k}": v for k, v in keep.items()}
    np.savez_compressed(Path(__file__).with_name("prednet_small.npz"), **arrays)


if __name__ == "__main__":
    main()
