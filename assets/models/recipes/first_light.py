"""Train the first PredNet that percept ships: (3,16,32,64), colour, 64x80 crops.

The network, its loss (L_0) and its update order are those of Lotter, Kreiman & Cox (ICLR 2017)
as in coxlab/prednet: hard sigmoid 0.2x+0.5, E = [relu(Ahat-A), relu(A-Ahat)], no peepholes.
The prediction's bias starts at 0.45 so that the pixel ReLU cannot die in the first steps.

    python first_light.py --data DIR --out OUT --steps 9000 --seed 0 [--resume]

DIR holds video/*.mp4, video/rc_track_tub.tar.gz and panoramas/*.jpg. Needs torch, numpy, pillow, av,
safetensors. HELD_OUT is never trained on. The diet has no bars, gratings, Kanizsa figures, snakes or
flashes. Each sample is 20 frames; gradients run over 10, and the second ten start from the state that
the first ten left (the network must also live in a long stream).
"""
import argparse, io, json, math, os, queue, random, tarfile, threading, time
from pathlib import Path
import av, numpy as np, torch, torch.nn.functional as F
from PIL import Image
from safetensors.torch import save_file

HELD_OUT = {"walk_hero7", "highway_3", "pm_venice", "forest_slope_1k", "blender_city",
            "dancing_hall_1k", "noon_grass_1k", "pm_workshop"}
WIDTHS, H, W, LENGTH = (3, 16, 32, 64), 64, 80, 20


class PredNet(torch.nn.Module):
    def __init__(self, widths=WIDTHS):
        super().__init__()
        n = len(widths)
        conv = lambda i, o: torch.nn.Conv2d(i, o, 3, padding=1)
        self.gates, self.ahat, self.a = (torch.nn.ModuleList() for _ in range(3))
        for l, c in enumerate(widths):
            above = widths[l + 1] if l + 1 < n else 0
            self.gates.append(conv(3 * c + above, 4 * c))  # i, f, o, c stacked
            self.ahat.append(conv(c, c))
            if above: self.a.append(conv(2 * c, above))
        for m in self.modules():
            if isinstance(m, torch.nn.Conv2d): torch.nn.init.zeros_(m.bias)
        for l, c in enumerate(widths):  # Glorot per gate, as Keras would
            for k in range(4): torch.nn.init.xavier_uniform_(self.gates[l].weight[k * c:(k + 1) * c])
            torch.nn.init.xavier_uniform_(self.ahat[l].weight)
            if l + 1 < n: torch.nn.init.xavier_uniform_(self.a[l].weight)
        torch.nn.init.constant_(self.ahat[0].bias, 0.45)
        self.widths = widths

    def state(self, b, h, w):
        z = lambda c, l: torch.zeros(b, c, h >> l, w >> l).to(memory_format=torch.channels_last)
        ws = self.widths
        return ([z(c, l) for l, c in enumerate(ws)], [z(c, l) for l, c in enumerate(ws)],
                [z(2 * c, l) for l, c in enumerate(ws)])

    def step(self, x, state):
        r, c, e = (list(s) for s in state)
        n = len(self.widths)
        hs = lambda v: torch.clamp(0.2 * v + 0.5, 0, 1)
        for l in reversed(range(n)):
            u = [r[l], e[l]]
            if l + 1 < n: u.append(F.interpolate(r[l + 1], scale_factor=2, mode="nearest"))
            i, f, o, g = self.gates[l](torch.cat(u, 1)).chunk(4, 1)
            c[l] = hs(f) * c[l] + hs(i) * torch.tanh(g)
            r[l] = hs(o) * torch.tanh(c[l])
        a = x
        for l in range(n):
            ahat = F.relu(self.ahat[l](r[l]))
            if l == 0: ahat = torch.clamp(ahat, max=1.0); prediction = ahat
            e[l] = torch.cat([F.relu(ahat - a), F.relu(a - ahat)], 1)
            if l + 1 < n: a = F.max_pool2d(F.relu(self.a[l](e[l])), 2)
        return prediction, (r, c, e)

    def export(self, path):
        """Keras' layer names, kernels as (out, in, height, width)."""
        t = {}
        for l, c in enumerate(self.widths):
            for k, gate in enumerate("ifoc"):
                t[f"layer_{gate}_{l}.weight"] = self.gates[l].weight[k * c:(k + 1) * c]
                t[f"layer_{gate}_{l}.bias"] = self.gates[l].bias[k * c:(k + 1) * c]
            t[f"layer_ahat_{l}.weight"], t[f"layer_ahat_{l}.bias"] = self.ahat[l].weight, self.ahat[l].bias
            if l + 1 < len(self.widths):
                t[f"layer_a_{l}.weight"], t[f"layer_a_{l}.bias"] = self.a[l].weight, self.a[l].bias
        save_file({k: v.detach().contiguous().clone() for k, v in t.items()}, path)


def decode(path, height=160):
    """All frames, scaled so that the shorter side is `height`, uint8 (t, h, w, 3), with the frame rate."""
    frames = []
    with av.open(str(path)) as f:
        s = f.streams.video[0]; s.thread_type = "AUTO"
        for fr in f.decode(s):
            k = height / min(fr.width, fr.height)
            frames.append(fr.reformat(round(fr.width * k / 2) * 2, round(fr.height * k / 2) * 2, "rgb24",
                                      interpolation="AREA").to_ndarray())
        return np.stack(frames), float(s.average_rate)


def load(data):
    clips, panos, held = [], [], {}
    for p in sorted((data / "video").glob("*.mp4")):
        v = decode(p)
        (held.__setitem__(p.stem, v) if p.stem in HELD_OUT else clips.append((p.stem, *v)))
    with tarfile.open(data / "video" / "rc_track_tub.tar.gz") as t:
        names = [m for m in t.getmembers() if m.name.endswith(".jpg")]
        key = lambda m: [int(s) for s in "".join(ch if ch.isdigit() else " " for ch in os.path.basename(m.name)).split()]
        frames = [np.array(Image.open(io.BytesIO(t.extractfile(m).read())).convert("RGB")) for m in sorted(names, key=key)]
        clips.append(("rc_track", np.stack(frames), 20.0))
    for p in sorted((data / "panoramas").glob("*.jpg")):
        im = torch.from_numpy(np.array(Image.open(p).convert("RGB"))).permute(2, 0, 1).float()[None] / 255
        (held.__setitem__(p.stem, im) if p.stem in HELD_OUT else panos.append((p.stem, im)))
    return clips, panos, held


def resize(x, h, w):
    return F.interpolate(x, size=(h, w), mode="area")


def sample_clip(rng, clips, n=LENGTH, h=H, w=W):
    """A random 40-100 % crop of real video at about 10 Hz (or its own rate), mirrored at random."""
    weights = [len(c[1]) / c[2] for c in clips]
    name, v, fps = rng.choices(clips, [math.sqrt(x) for x in weights])[0]
    base = max(1, round(fps / 10))
    if name == "drone_karma": base = 5
    for stride in (rng.choice([1, base, base, base, 2 * base]), base, 1):
        if n * stride <= len(v): break
    t0 = rng.randrange(len(v) - n * stride + 1)
    vh, vw = v.shape[1:3]
    k = rng.uniform(0.4, 1.0)
    ch = int(min(vh, vw * h / w) * k); cw = int(ch * w / h)
    y, x = rng.randint(0, vh - ch), rng.randint(0, vw - cw)
    c = torch.from_numpy(v[t0:t0 + n * stride:stride, y:y + ch, x:x + cw].copy()).permute(0, 3, 1, 2).float() / 255
    return resize(c, h, w)


def panorama_view(pano, yaw, pitch, roll, fov, h, w):
    """Perspective views (len(yaw), 3, h, w) of an equirectangular picture, 2x2 supersampled."""
    hh, ww = 2 * h, 2 * w
    f = 0.5 * ww / torch.tan(fov / 2)
    xs = (torch.arange(ww) + 0.5 - ww / 2)[None, None, :] / f[:, None, None]
    ys = (torch.arange(hh) + 0.5 - hh / 2)[None, :, None] / f[:, None, None]
    xs, ys = xs.expand(-1, hh, -1), ys.expand(-1, -1, ww)
    cr, sr = torch.cos(roll)[:, None, None], torch.sin(roll)[:, None, None]
    x, y = cr * xs - sr * ys, sr * xs + cr * ys
    cp, sp = torch.cos(pitch)[:, None, None], torch.sin(pitch)[:, None, None]
    y2, z2 = cp * y - sp, sp * y + cp
    lon = torch.atan2(x, z2) + yaw[:, None, None]
    lat = torch.atan2(y2, torch.sqrt(x * x + z2 * z2))
    u = torch.remainder(lon / math.pi + 1, 2) - 1
    g = torch.stack([u, lat / (math.pi / 2)], -1)
    out = F.grid_sample(pano.expand(len(yaw), -1, -1, -1), g, align_corners=False, padding_mode="border")
    return F.avg_pool2d(out, 2)


def smooth_walk(rng, n, speed):
    """Heading that keeps its velocity, with gentle changes, pauses and a rare jump."""
    ang = rng.uniform(0, 2 * math.pi)
    vx, vy = speed * math.cos(ang), speed * math.sin(ang)
    kind = rng.random(); stop = rng.randrange(4, max(n, 5))
    px, py, out = 0.0, 0.0, []
    for t in range(n):
        out.append((px, py))
        moving = not (kind < 0.15 and t >= stop)
        if kind > 0.9 and t == stop: vx, vy = -vx, -vy
        vx += rng.gauss(0, 0.05 * speed); vy += rng.gauss(0, 0.05 * speed)
        if moving: px += vx; py += vy
    return torch.tensor(out)


def sample_panorama(rng, panos, n=LENGTH, h=H, w=W, pano=None, speed=None):
    pano = pano if pano is not None else rng.choice(panos)[1]
    fov0 = math.radians(rng.uniform(35, 90))
    speed = speed if speed is not None else math.exp(rng.uniform(math.log(0.3), math.log(6)))
    walk = smooth_walk(rng, n, speed * fov0 / w)
    fov = fov0 * torch.exp(torch.linspace(0, 1, n) * rng.choice([0, 0, rng.uniform(-0.4, 0.4)]))
    roll = rng.uniform(-0.3, 0.3) + torch.arange(n) * rng.choice([0, 0, rng.uniform(-0.05, 0.05)])
    yaw = rng.uniform(-math.pi, math.pi) + walk[:, 0]
    pitch = (rng.uniform(-0.5, 0.5) + walk[:, 1]).clamp(-1.2, 1.2)
    return panorama_view(pano, yaw, pitch, roll, fov, h, w)


def sample_objects(rng, panos, n=LENGTH, h=H, w=W):
    """Textured ellipses and boxes moving and occluding over a photograph that drifts or rests."""
    back = sample_panorama(rng, panos, n, h, w, speed=rng.choice([1e-3, 1e-3, 0.5, 1.5]))
    yy, xx = torch.meshgrid(torch.arange(h) + 0.5, torch.arange(w) + 0.5, indexing="ij")
    for _ in range(rng.randint(1, 3)):
        tex = sample_panorama(rng, panos, 1, h, w)[0]
        gain, a, b = rng.uniform(0.5, 1.5), rng.uniform(5, 18), rng.uniform(5, 18)
        p = smooth_walk(rng, n, rng.uniform(0, 5)) + torch.tensor([rng.uniform(0, w), rng.uniform(0, h)])
        th, dth, box = rng.uniform(0, math.pi), rng.choice([0, 0, rng.uniform(-.3, .3)]), rng.random() < 0.5
        for t in range(n):
            c, s = math.cos(th + dth * t), math.sin(th + dth * t)
            dx, dy = xx - p[t, 0], yy - p[t, 1]
            u, v = (c * dx + s * dy) / a, (-s * dx + c * dy) / b
            d = torch.maximum(u.abs(), v.abs()) if box else torch.sqrt(u * u + v * v)
            m = ((1 - d) * min(a, b) + 0.5).clamp(0, 1)
            g = torch.stack([(dx / w * 2), (dy / h * 2)], -1)[None]
            skin = F.grid_sample(tex[None], g, align_corners=False, padding_mode="reflection")[0]
            back[t] = back[t] * (1 - m) + (skin * gain).clamp(0, 1) * m
    return back


def sample_still(rng, panos, n=LENGTH, h=H, w=W):
    """A photograph that rests; half of the time it appears on grey and goes again."""
    x = sample_panorama(rng, panos, 1, h, w).expand(n, -1, -1, -1).clone()
    if rng.random() < 0.5:
        on = rng.randrange(0, n - 2); off = rng.randrange(on + 1, n + 4)
        x[:on] = 0.5; x[off:] = 0.5
    return x


def make_batch(rng, clips, panos, batch):
    out = []
    for _ in range(batch):
        k = rng.random()
        x = (sample_panorama(rng, panos) if k < 0.45 else sample_clip(rng, clips) if k < 0.75
             else sample_objects(rng, panos) if k < 0.92 else sample_still(rng, panos))
        if rng.random() < 0.5: x = x.flip(-1)
        if rng.random() < 0.12: x = x.mean(1, keepdim=True).expand(-1, 3, -1, -1)
        x = x * rng.uniform(0.8, 1.15)
        if rng.random() < 0.3: x = x + torch.randn_like(x) * rng.uniform(0, 0.02)
        out.append(x.clamp(0, 1))
    return torch.stack(out, 1).contiguous()  # time, batch, channel, height, width


@torch.no_grad()
def evaluate(net, held):
    """Squared error over copy-last-frame's, per held-out clip (10 Hz) and over held-out panoramas."""
    report = {}
    for name in ("walk_hero7", "highway_3"):
        v, fps = held[name]; k = round(fps / 10)
        vh, vw = v.shape[1:3]; ch = min(vh, int(vw * H / W)); cw = int(ch * W / H)
        y, x = (vh - ch) // 2, (vw - cw) // 2
        x = resize(torch.from_numpy(v[::k, y:y + ch, x:x + cw].copy()).permute(0, 3, 1, 2).float() / 255, H, W)
        report[name] = ratio(net, x[:, None])
    rng = random.Random(7)
    names = sorted(k for k, v in held.items() if not isinstance(v, tuple))
    xs = [sample_panorama(rng, None, pano=held[n], speed=s) for n in names for s in (0.7, 2.0, 4.0)]
    report["panoramas"] = ratio(net, torch.stack(xs, 1))
    return report


def ratio(net, x, skip=3):
    s, ours, copy = net.state(x.shape[1], H, W), 0.0, 0.0
    for t in range(len(x)):
        p, s = net.step(x[t].contiguous(memory_format=torch.channels_last), s)
        if t >= skip:
            ours += F.mse_loss(p, x[t]).item(); copy += F.mse_loss(x[t - 1], x[t]).item()
    return {"mse": ours / (len(x) - skip), "copy": copy / (len(x) - skip), "ratio": ours / copy}


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--data", type=Path, required=True); a.add_argument("--out", type=Path, required=True)
    a.add_argument("--steps", type=int, default=9000); a.add_argument("--batch", type=int, default=4)
    a.add_argument("--seed", type=int, default=0); a.add_argument("--threads", type=int, default=2)
    a.add_argument("--resume", action="store_true")
    a = a.parse_args()
    torch.set_num_threads(a.threads); torch.manual_seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    clips, panos, held = load(a.data)
    print("train", [(c[0], c[1].shape) for c in clips], len(panos), "panoramas; held out", sorted(held), flush=True)
    net = PredNet().to(memory_format=torch.channels_last)
    if not (a.out / "untrained.safetensors").exists(): net.export(a.out / "untrained.safetensors")
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    step, log = 0, (a.out / "log.jsonl").open("a")
    if a.resume and (a.out / "checkpoint.pt").exists():
        k = torch.load(a.out / "checkpoint.pt"); net.load_state_dict(k["net"]); opt.load_state_dict(k["opt"]); step = k["step"]
    q = queue.Queue(6)

    def feed():
        rng = random.Random(a.seed * 1000003 + step)
        while True: q.put(make_batch(rng, clips, panos, a.batch))
    threading.Thread(target=feed, daemon=True).start()
    t0, seen, run = time.time(), 0, 0.0
    while step < a.steps:
        x, s = q.get(), net.state(a.batch, H, W)
        for half in range(2):
            # full rate to 65 %, then a cosine down to 3 %
            done = step / a.steps
            lr = 1e-3 if done < 0.65 else 1e-3 * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * (done - 0.65) / 0.35)))
            for g in opt.param_groups: g["lr"] = lr
            loss, count, mean = 0.0, 0, 0.0
            for t in range(half * LENGTH // 2, (half + 1) * LENGTH // 2):
                p, s = net.step(x[t].contiguous(memory_format=torch.channels_last), s)
                if t > 0: loss = loss + s[2][0].mean(); count += 1
                mean += p.detach().mean().item() / (LENGTH // 2)
            loss = loss / count
            opt.zero_grad(set_to_none=True); loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0); opt.step()
            s = tuple([v.detach() for v in part] for part in s)
            step += 1; seen += a.batch * LENGTH // 2; run += loss.item()
            if step % 100 == 0:
                row = {"step": step, "loss": run / 100, "mean_a_hat0": mean, "lr": lr,
                       "frames": step * a.batch * LENGTH // 2, "frames_per_s": seen / (time.time() - t0)}
                run = 0.0
                if step % 500 == 0: row["held_out"] = evaluate(net, held)
                log.write(json.dumps(row) + "\n"); log.flush(); print(json.dumps(row), flush=True)
            if step % 250 == 0 or step >= a.steps:
                tmp = a.out / "checkpoint.tmp"
                torch.save({"net": net.state_dict(), "opt": opt.state_dict(), "step": step}, tmp); tmp.rename(a.out / "checkpoint.pt")
                net.export(a.out / "model.tmp"); (a.out / "model.tmp").rename(a.out / "model.safetensors")


if __name__ == "__main__":
    main()
