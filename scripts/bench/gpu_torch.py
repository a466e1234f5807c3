"""Measures PredNet one frame at a time on a CUDA device: PyTorch (eager, compiled, CUDA graph) and percept.

All keep A, Ahat, E, R and C of every layer on the device and are waited for after every frame; single
precision throughout (no TF32 unless `--tf32`). Prints one JSON object.

    python gpu_torch.py --network full --percept target/release/examples/gpu_step
    python gpu_torch.py --network small --only graph --frames 500

Without a CUDA device it says so and ends with 3; `--device cpu` tries the eager way out anywhere.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time

import numpy as np
import torch

import weights
from peer_torch import TorchPeer

NETWORKS = {"full": ([3, 48, 96, 192], (160, 128)), "small": ([3, 16, 32, 64], (80, 64))}
WAYS = ("eager", "compiled", "graph")
CHECKED_FRAMES = 10


class DevicePeer(TorchPeer):
    """The same network on a device, its frames already there."""

    def __init__(self, arrays, widths, size, device, **rest):
        self.device = torch.device(device)
        super().__init__(arrays, widths, size, **rest)
        self.gates = [[self.there(pair) for pair in layer] for layer in self.gates]
        self.ahat = [self.there(pair) for pair in self.ahat]
        self.a = [self.there(pair) if pair else None for pair in self.a]

    def there(self, tensors):
        return tuple(tensor.to(self.device) for tensor in tensors)

    def reset(self):
        super().reset()
        self.state = [self.there(layer) for layer in self.state]

    def upload(self, frame):
        return torch.from_numpy(frame[None]).to(self.device, self.dtype).contiguous(memory_format=self.format)

    @torch.inference_mode()
    def show(self, frame):
        result = self.run(frame, self.state)
        self.state = [(r, c, e) for _, _, e, r, c in result]
        return result


class GraphPeer(DevicePeer):
    """One step as a CUDA graph that reads and writes the same memory every time."""

    @torch.inference_mode()
    def record(self, frame):
        self.frame = frame.clone()
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self.step(self.frame, self.state)
        torch.cuda.current_stream().wait_stream(stream)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.result = self.step(self.frame, self.state)
            for own, (_, _, e, r, c) in zip(self.state, self.result, strict=True):
                for old, new in zip(own, (r, c, e), strict=True):
                    old.copy_(new)

    @torch.inference_mode()
    def show(self, frame):
        self.frame.copy_(frame)
        self.graph.replay()
        return self.result

    @torch.inference_mode()
    def reset(self):
        if hasattr(self, "graph"):
            for layer in self.state:
                for tensor in layer:
                    tensor.zero_()
        else:
            super().reset()


def wait(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def measure(way, arrays, frames, options, reference):
    """Times of every frame in milliseconds, and the largest difference from double precision."""
    kind = GraphPeer if way == "graph" else DevicePeer
    peer = kind(arrays, options.widths, options.size, options.device, fused=True, channels_last=options.nhwc)
    shown = [peer.upload(frame) for frame in frames]
    if way == "compiled":
        peer.run = torch.compile(peer.step)
    if way == "graph":
        peer.record(shown[0])
        peer.reset()
    start = time.perf_counter()
    for n in range(options.warm):
        peer.show(shown[n % CHECKED_FRAMES])
    wait(peer.device)
    warm = time.perf_counter() - start
    took = []
    for n in range(options.frames):
        start = time.perf_counter()
        peer.show(shown[n % CHECKED_FRAMES])
        wait(peer.device)
        took.append(1e3 * (time.perf_counter() - start))
    peer.reset()
    difference = 0.0
    for frame, wanted in zip(shown, reference, strict=True):
        answers = [tensor.cpu().numpy() for layer in peer.show(frame) for tensor in layer]
        difference = max([difference] + [float(np.abs(a - w).max()) for a, w in zip(answers, wanted, strict=True)])
    return {
        "median_ms": round(statistics.median(took), 4),
        "min_ms": round(min(took), 4),
        "p95_ms": round(sorted(took)[int(0.95 * len(took))], 4),
        "warm_s": round(warm, 2),
        "max_difference": difference,
    }


def precise(arrays, frames, options):
    """The answers in double precision, on the CPU."""
    peer = TorchPeer(arrays, options.widths, options.size, fused=True, channels_last=False, dtype=torch.float64)
    return [[array.copy() for array in peer.numpy(peer.show(frame))] for frame in frames]


def percept(program, options):
    """What percept's own measurement says, run right after."""
    line = [program, options.network, "own", "--json", str(options.frames)]
    done = subprocess.run(line, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{program} failed")
    return json.loads(done.stdout.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", choices=NETWORKS, default="full")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--warm", type=int, default=20)
    parser.add_argument("--only", action="append", choices=WAYS)
    parser.add_argument("--nhwc", action="store_true", help="channels last")
    parser.add_argument("--tf32", action="store_true", help="let PyTorch round products to 10 bits")
    parser.add_argument("--percept", help="the built example gpu_step, to be measured too")
    options = parser.parse_args()
    options.widths, options.size = NETWORKS[options.network]
    if options.device.startswith("cuda") and not torch.cuda.is_available():
        print("no CUDA device here: nothing was measured", file=sys.stderr)
        raise SystemExit(3)
    torch.backends.cuda.matmul.allow_tf32 = options.tf32
    torch.backends.cudnn.allow_tf32 = options.tf32
    torch.backends.cudnn.benchmark = True
    cuda = options.device.startswith("cuda")
    ways = options.only or (WAYS if cuda else ("eager",))
    arrays = weights.random(options.widths, 1)
    frames = weights.frames(CHECKED_FRAMES, options.widths[0], *options.size, 1)
    reference = precise(arrays, frames, options)
    report = {
        "network": options.network,
        "device": torch.cuda.get_device_name() if cuda else options.device,
        "torch": torch.__version__,
        "tf32": options.tf32,
        "pytorch": {way: measure(way, arrays, frames, options, reference) for way in ways},
    }
    if options.percept:
        report["percept"] = percept(options.percept, options)
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
