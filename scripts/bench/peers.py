"""Measures PredNet one frame at a time in PyTorch, ONNX Runtime and percept, side by side.

Every implementation runs in a process of its own, and they take turns round by round, so that whatever else
the machine does hits all of them alike. All keep A, Ahat, E, R and C of every layer, and each is compared
with PyTorch in double precision over recurrent frames. Prints one JSON object.

    python peers.py --network full --threads 2 --rounds 5
    python peers.py --widths 3,8,16 --size 64x48 --only onnx-fused
    python peers.py --percept target/release/percept
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NETWORKS = {"full": ("3,48,96,192", "160x128"), "small": ("3,16,32,64", "80x64")}
PEERS = ("onnx-fused", "onnx-separate", "torch-fused-nhwc", "torch-separate-nhwc", "torch-fused-nchw", "torch-separate-nchw")
CHECKED_FRAMES = 10


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", choices=NETWORKS, default="full")
    parser.add_argument("--widths", help="channels per layer, instead of a network's name")
    parser.add_argument("--size", help="WIDTHxHEIGHT, instead of a network's")
    parser.add_argument("--weights", help="a safetensors file; else random weights")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--frames", type=int, default=30, help="measured frames per round")
    parser.add_argument("--warm", type=int, default=5, help="frames before them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--compile", action="store_true", help="torch.compile too (minutes)")
    parser.add_argument("--only", action="append", help="one of them; may be repeated")
    parser.add_argument("--percept", help="a release build of percept to take its turns too")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--reference", help=argparse.SUPPRESS)
    options = parser.parse_args()
    widths, size = NETWORKS[options.network]
    options.widths = [int(n) for n in (options.widths or widths).split(",")]
    options.size = tuple(int(n) for n in (options.size or size).split("x"))
    return options


def load(options):
    """The network's arrays, and frames to check it with."""
    import weights

    arrays = weights.read(options.weights) if options.weights else weights.random(options.widths, options.seed)
    frames = weights.frames(CHECKED_FRAMES, options.widths[0], *options.size, options.seed)
    return arrays, frames


def make(name, arrays, options):
    """The implementation called `name`, and the versions behind it."""
    if name.startswith("onnx"):
        import onnxruntime
        from peer_onnx import OnnxPeer

        fused = "fused" in name
        peer = OnnxPeer(arrays, options.widths, options.size, options.threads, fused=fused)
        return peer, f"ONNX Runtime {onnxruntime.__version__}"
    import torch
    from peer_torch import TorchPeer

    torch.set_num_threads(options.threads)
    precise = {"dtype": torch.float64} if name == "reference" else {}
    fused, last = "separate" not in name, "nhwc" in name
    peer = TorchPeer(arrays, options.widths, options.size, fused=fused, channels_last=last, **precise)
    if "compile" in name:
        peer.compile()
    return peer, f"PyTorch {torch.__version__}"


def worker(options):
    """One process: measures, then compares with the reference."""
    import numpy as np

    arrays, frames = load(options)
    peer, version = make(options.worker, arrays, options)
    if options.worker == "reference":
        numbered = enumerate(frames)
        answers = {f"{t}.{i}": a.copy() for t, f in numbered for i, a in enumerate(peer.numpy(peer.show(f)))}
        np.savez(options.reference, **answers)
        return
    for n in range(options.warm):
        peer.show(frames[n % CHECKED_FRAMES])
    took, cpu = [], time.process_time()
    for n in range(options.frames):
        start = time.perf_counter()
        peer.show(frames[n % CHECKED_FRAMES])
        took.append(1e3 * (time.perf_counter() - start))
    cpu = 1e3 * (time.process_time() - cpu) / options.frames
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    peer.reset()
    reference, difference = np.load(options.reference), 0.0
    for t, frame in enumerate(frames):
        for i, array in enumerate(peer.numpy(peer.show(frame))):
            difference = max(difference, float(np.abs(array - reference[f"{t}.{i}"]).max()))
    print(json.dumps({"ms": took, "cpu_ms": cpu, "peak_rss_mb": peak, "difference": difference, "version": version}))


def spawn(options, name, reference):
    """Runs one implementation for one round in a process of its own."""
    keep = ["--widths", ",".join(map(str, options.widths)), "--size", "x".join(map(str, options.size))]
    keep += ["--threads", options.threads, "--frames", options.frames, "--warm", options.warm, "--seed", options.seed]
    keep += ["--weights", options.weights] if options.weights else []
    line = [sys.executable, __file__, "--worker", name, "--reference", reference, *map(str, keep)]
    environment = os.environ | {"OMP_NUM_THREADS": str(options.threads)}
    done = subprocess.run(line, stdout=subprocess.PIPE, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed")
    return json.loads(done.stdout) if done.stdout.strip() else None


def summary(rounds):
    """Spread over all frames of all rounds, and the medians of the rounds."""
    took = sorted(ms for one in rounds for ms in one["ms"])

    def at(fraction):
        return round(took[min(len(took) - 1, int(fraction * len(took)))], 3)

    medians = [round(sorted(one["ms"])[len(one["ms"]) // 2], 3) for one in rounds]
    return {
        "version": rounds[0]["version"],
        "median_ms": at(0.5),
        "p25_ms": at(0.25),
        "p75_ms": at(0.75),
        "min_ms": round(took[0], 3),
        "max_ms": round(took[-1], 3),
        "frames": len(took),
        "best_round_ms": min(medians),
        "round_medians_ms": medians,
        "cpu_ms": round(min(one["cpu_ms"] for one in rounds), 3),
        "peak_rss_mb": round(max(one["peak_rss_mb"] for one in rounds), 1),
        "max_difference": max(one["difference"] for one in rounds),
    }


def cpu_name():
    """The processor's name as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main():
    options = arguments()
    if options.weights:
        import weights

        options.widths = weights.widths_of(weights.read(options.weights))
    if options.worker:
        return worker(options)
    names = options.only or [*PEERS, *(["torch-compile-nhwc"] if options.compile else [])]
    load_before = os.getloadavg()
    with tempfile.TemporaryDirectory() as folder:
        reference = str(Path(folder) / "reference.npz")
        runners = {name: lambda name=name: spawn(options, name, reference) for name in names}
        if options.percept:
            import peer_percept

            runners |= peer_percept.runners(options, folder, reference)
        spawn(options, "reference", reference)
        rounds = {name: [] for name in runners}
        for number in range(options.rounds):
            for name, run in runners.items():
                rounds[name].append(run())
                median = summary(rounds[name][-1:])["median_ms"]
                print(f"round {number + 1} {name}: {median:.2f} ms", file=sys.stderr)
    result = {
        "schema": "percept-peers-1",
        "cpu": cpu_name(),
        "cores": os.cpu_count(),
        "threads": options.threads,
        "load_average": [load_before[0], os.getloadavg()[0]],
        "widths": options.widths,
        "size": options.size,
        "weights": options.weights or f"random, seed {options.seed}",
        "checked_frames": CHECKED_FRAMES,
        "implementations": {name: summary(all_rounds) for name, all_rounds in rounds.items()},
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
