"""Percept's turn among the peers: its own `bench` for the time, its own `models forward` for the numbers."""

import json
import os
import subprocess
from pathlib import Path

import numpy as np

import weights

SYMBOLS = ("A", "Ahat", "E", "R", "C")


def runners(options, folder, reference):
    """One entry for the CPU, to be called once a round."""
    program, checked = str(Path(options.percept).resolve()), []
    file = options.weights
    if not file:
        file = str(Path(folder) / "weights.safetensors")
        weights.write(file, weights.random(options.widths, options.seed))
    size = "x".join(map(str, options.size))
    environment = os.environ | {"RAYON_NUM_THREADS": str(options.threads)}

    def call(*arguments):
        line = [program, *map(str, arguments)]
        return subprocess.run(line, stdout=subprocess.PIPE, text=True, env=environment, check=True).stdout

    def difference():
        frames, answers = Path(folder) / "frames.npy", Path(folder) / "answers.npz"
        count = len({name.split(".")[0] for name in np.load(reference).files})
        np.save(frames, weights.frames(count, options.widths[0], *options.size, options.seed))
        call("models", "forward", file, "--frames", frames, "-o", answers, "--device", "cpu")
        found, wanted, worst = np.load(answers), np.load(reference), 0.0
        for step in range(count):
            for layer in range(len(options.widths)):
                for place, symbol in enumerate(SYMBOLS):
                    right = wanted[f"{step}.{layer * len(SYMBOLS) + place}"][0]
                    worst = max(worst, float(np.abs(found[f"t{step}.{symbol}{layer}"] - right).max()))
        return worst

    def one_round():
        threads = ["--threads", options.threads]
        where = ["--device", "cpu", "--only", "step", "--model", file, "--size", size]
        report = json.loads(call("bench", "--json", "--times", *where, *threads))
        if report["build"]["warning"]:
            raise SystemExit(report["build"]["warning"])
        model = report["models"][0]
        step = next(figure for figure in model["figures"] if figure["name"] == "step")
        if not checked:
            checked.append(difference())
        version = f"percept {report['percept']}, {report['device']}"
        peak = model["model"]["peak_memory_mb"]
        return {
            "ms": step["times_ms"],
            "cpu_ms": step["cpu_ms"],
            "peak_rss_mb": peak,
            "difference": checked[0],
            "version": version,
        }

    return {"percept-cpu": one_round}
