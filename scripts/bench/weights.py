"""A PredNet's arrays as percept names them, and frames to show it: random but alike for a seed, or read."""

import json
import struct
from pathlib import Path

import numpy as np

GATES = ("i", "f", "o", "c")


def shapes(widths):
    """Names and shapes of all arrays; kernels are (out, in, row, column)."""
    result = {}

    def conv(name, from_, to):
        result[f"{name}.weight"] = (to, from_, 3, 3)
        result[f"{name}.bias"] = (to,)

    for layer, width in enumerate(widths):
        above = widths[layer + 1] if layer + 1 < len(widths) else 0
        for gate in GATES:
            conv(f"layer_{gate}_{layer}", 3 * width + above, width)
        conv(f"layer_ahat_{layer}", width, width)
        if above:
            conv(f"layer_a_{layer}", 2 * width, above)
    return result


def random(widths, seed):
    """Kernels uniform after Glorot & Bengio (2010), biases zero but for the pixels' prediction."""
    rng = np.random.default_rng(seed)
    result = {}
    for name, shape in shapes(widths).items():
        if len(shape) == 4:
            bound = (6.0 / ((shape[0] + shape[1]) * 9)) ** 0.5
            result[name] = rng.uniform(-bound, bound, shape).astype(np.float32)
        else:
            result[name] = np.full(shape, 0.45 if name == "layer_ahat_0.bias" else 0.0, np.float32)
    return result


def read(path):
    """The float32 arrays of a safetensors file."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    result = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "F32":
            raise SystemExit(f"{path}: {name} is {entry['dtype']}; float32 is wanted")
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        result[name] = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).copy()
    return result


def write(path, arrays):
    """Writes float32 arrays as a safetensors file."""
    header, offset = {}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in arrays.values():
            file.write(np.ascontiguousarray(array, "<f4").tobytes())


def widths_of(arrays):
    """Channels per layer, read off the arrays."""
    result = []
    while f"layer_ahat_{len(result)}.weight" in arrays:
        result.append(arrays[f"layer_ahat_{len(result)}.weight"].shape[0])
    return result


def fused_gates(arrays, layer):
    """One kernel for all gates; those of i, f and o carry the hard sigmoid's 0.2, their biases also its 0.5."""
    slope = {"c": 1.0}
    weight = [arrays[f"layer_{g}_{layer}.weight"] * slope.get(g, 0.2) for g in GATES]
    bias = [arrays[f"layer_{g}_{layer}.bias"] * slope.get(g, 0.2) + (0.0 if g == "c" else 0.5) for g in GATES]
    return np.concatenate(weight), np.concatenate(bias)


def frames(count, channels, width, height, seed):
    """A coloured grating that drifts under noise: (time, channel, row, column) in 0..1."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    result = np.empty((count, channels, height, width), np.float32)
    for t in range(count):
        for c in range(channels):
            wave = np.sin(0.2 * (x + 0.5 * c * y - 2.0 * t))
            result[t, c] = 0.5 + 0.4 * wave + rng.uniform(-0.1, 0.1, (height, width))
    return result.clip(0.0, 1.0)
