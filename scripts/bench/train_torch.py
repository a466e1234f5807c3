"""PyTorch's time for one training step of PredNet: sequences of frames, forward and backward through time.

Usage: train_torch.py small|full [--repeat N] [--threads N] [--check FOLDER]
The loss is the mean of the pixel layer's error units over all frames; no optimiser step is included.
With --check, weights, frames and gradient are read from FOLDER/{weights,frames,gradient}.bin (float32, in
percept's order) and the two gradients are compared.
"""
import argparse
import json
import statistics
import time

import numpy as np
import torch
import torch.nn.functional as F

SIZES = {"small": ((3, 16, 32, 64), 64, 80), "full": ((3, 48, 96, 192), 128, 160)}


class PredNet(torch.nn.Module):
    """All four gates in one convolution, the fastest way of saying it in PyTorch."""

    def __init__(self, widths):
        super().__init__()
        self.widths, top = widths, len(widths) - 1
        conv = lambda i, o: torch.nn.Conv2d(i, o, 3, padding=1)
        above = lambda l: widths[l + 1] if l < top else 0
        self.gates = torch.nn.ModuleList(conv(3 * w + above(l), 4 * w) for l, w in enumerate(widths))
        self.ahat = torch.nn.ModuleList(conv(w, w) for w in widths)
        self.a = torch.nn.ModuleList(conv(2 * widths[l], widths[l + 1]) for l in range(top))

    def forward(self, frames):
        batch, steps, _, rows, columns = frames.shape
        make = lambda k, l: torch.zeros(batch, k, rows >> l, columns >> l).contiguous(
            memory_format=torch.channels_last
        )
        layers = range(len(self.widths))
        r = [make(w, l) for l, w in enumerate(self.widths)]
        c = [make(w, l) for l, w in enumerate(self.widths)]
        e = [make(2 * w, l) for l, w in enumerate(self.widths)]
        loss = 0.0
        for t in range(steps):
            for l in reversed(layers):
                parts = [r[l], e[l]]
                if l + 1 < len(self.widths):
                    parts.append(F.interpolate(r[l + 1], scale_factor=2, mode="nearest"))
                x = self.gates[l](torch.cat(parts, 1))
                w = self.widths[l]
                i, f, o = torch.split(torch.clamp(0.2 * x[:, : 3 * w] + 0.5, 0, 1), w, 1)
                c[l] = f * c[l] + i * torch.tanh(x[:, 3 * w :])
                r[l] = o * torch.tanh(c[l])
            a = frames[:, t]
            for l in layers:
                ahat = F.relu(self.ahat[l](r[l]))
                if l == 0:
                    ahat = ahat.clamp(max=1.0)
                e[l] = torch.cat([F.relu(ahat - a), F.relu(a - ahat)], 1)
                if l == 0:
                    loss = loss + e[0].mean()
                if l + 1 < len(self.widths):
                    a = F.max_pool2d(F.relu(self.a[l](e[l])), 2)
        return loss / steps


def parameters_in_order(net):
    """Parameters in percept's order: gates, prediction and what goes up, layer by layer."""
    for l in range(len(net.widths)):
        for conv in [net.gates[l], net.ahat[l]] + ([net.a[l]] if l + 1 < len(net.widths) else []):
            yield conv.weight
            yield conv.bias


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--check")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    widths, rows, columns = SIZES[args.size]
    net = PredNet(widths).to(memory_format=torch.channels_last)
    frames = torch.rand(args.batch, args.steps, widths[0], rows, columns)
    if args.check:
        flat = torch.from_numpy(np.fromfile(f"{args.check}/weights.bin", np.float32))
        frames = torch.from_numpy(np.fromfile(f"{args.check}/frames.bin", np.float32)).reshape(frames.shape)
        at = 0
        for p in parameters_in_order(net):
            p.data.copy_(flat[at : at + p.numel()].reshape(p.shape))
            at += p.numel()
    times, cpu = [], []
    for _ in range(args.repeat):
        net.zero_grad()
        begin, cpu_begin = time.perf_counter(), time.process_time()
        loss = net(frames)
        loss.backward()
        times.append(1e3 * (time.perf_counter() - begin))
        cpu.append(1e3 * (time.process_time() - cpu_begin))
    out = {
        "size": args.size,
        "threads": args.threads,
        "min_ms": min(times),
        "median_ms": statistics.median(times),
        "min_cpu_ms": min(cpu),
    }
    if args.check:
        gradient = np.concatenate([p.grad.contiguous().numpy().ravel() for p in parameters_in_order(net)])
        ours = np.fromfile(f"{args.check}/gradient.bin", np.float32)
        out["loss"] = loss.item()
        out["largest_difference"] = float(np.abs(gradient - ours).max())
        out["largest_gradient"] = float(np.abs(gradient).max())
        out["relative_l2"] = float(np.linalg.norm(gradient - ours) / np.linalg.norm(gradient))
    print(json.dumps(out))


if __name__ == "__main__":
    main()
