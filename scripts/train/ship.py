#!/usr/bin/env python3
"""Takes a trained network among those that come with percept: weights in half precision, its card with held-out
scores, its log.

    scripts/train/ship.py OUT/NAME CLIP... [--panorama FILE...]
    scripts/train/ship.py scores CLIP... [--panorama FILE...]       # the scores of all networks anew

OUT/NAME is what `percept train` left. PERCEPT names the program (default target/release/percept). The scores are those
of the file as it is shipped, at the card's own frame rate; `percept models eval NAME CLIP...` repeats them.
"""
import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
MODELS = HERE / "assets" / "models"


def percept(*arguments):
    program = os.environ.get("PERCEPT", str(HERE / "target" / "release" / "percept"))
    done = subprocess.run([program, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def score(row):
    """A row of `models eval` as a table of the card."""
    clip = Path(row["clip"]).name
    return "\n".join([
        "[[scores]]",
        f'clip = "{clip}, {row["fps"]:g} frames a second"' if row["clip"] != clip else f'clip = "{clip}"',
        f"mse = {row['prediction']['mse']:.6f}",
        f"copy_mse = {row['copy_last_frame']['mse']:.6f}",
        f"linear_mse = {row['linear_extrapolation']['mse']:.6f}",
        f"ssim = {row['prediction']['ssim']:.4f}",
        f"copy_ssim = {row['copy_last_frame']['ssim']:.4f}",
        f"linear_ssim = {row['linear_extrapolation']['ssim']:.4f}",
    ])


def eval_arguments(model, options):
    """How a network is scored for its card."""
    arguments = ["models", "eval", model, *options.clips, "--fps", "10", "--json", "--device", "cpu"]
    return arguments + (["--panorama", *options.panorama] if options.panorama else [])


def score_again(options):
    """Writes the scores of all networks onto their cards anew."""
    rows = json.loads(percept(*eval_arguments("all", options)))["rows"]
    for card in sorted(MODELS.glob("*.toml")):
        own = [score(row) for row in rows if row["model"] == card.stem]
        if own and card.with_suffix(".safetensors").exists():
            head = card.read_text().partition("[[scores]]")[0].rstrip()
            card.write_text(head + "\n\n" + "\n\n".join(own) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trained", type=Path, help="what percept train left, or `scores`: score all anew")
    parser.add_argument("clips", nargs="*")
    parser.add_argument("--panorama", nargs="*", default=[])
    options = parser.parse_args()
    if str(options.trained) == "scores":
        score_again(options)
        return
    name = options.trained.name
    card = (options.trained / f"{name}.toml").read_text()
    if "planned in" in card:
        sys.exit(f"{name} is not trained to its end yet")
    weights = MODELS / f"{name}.safetensors"
    weights.unlink(missing_ok=True)
    percept("models", "import", options.trained / f"{name}.safetensors", "-o", weights, "--half")
    head, _, tables = card.partition("\n[trained_size]")
    lines = [line for line in head.splitlines() if not line.startswith(("scores =", "sha256 ="))]
    lines = [
        line[:-1] + f' Weights kept in half precision. Log: assets/models/recipes/{name}.log.jsonl."'
        if line.startswith("recipe =") else line
        for line in lines
    ]
    lines.append(f'sha256 = "{hashlib.sha256(weights.read_bytes()).hexdigest()}"')
    text = "\n".join(lines) + "\n\n[trained_size]" + tables.rstrip() + "\n\n"
    # The card beside the weights says at which size they are to be scored.
    target = MODELS / f"{name}.toml"
    target.write_text(text)
    rows = json.loads(percept(*eval_arguments(weights, options)))["rows"]
    text += "\n\n".join(score(row) for row in rows) + "\n"
    target.write_text(text)
    shutil.copy(options.trained / "log.jsonl", MODELS / "recipes" / f"{name}.log.jsonl")
    for old in (MODELS / "checkpoints").glob(f"{name}.*"):
        old.unlink()


main()
