"""Percept's decoding beside that of the ffmpeg command, clip by clip, taking turns.

The command decodes and throws away (`-f null`); percept hands over a picture, or, in the column "as the network takes
it", the frame brought to 160x128. The command's clip is repeated, so that its start does not count much.

    python decode.py --percept target/release/percept CLIP...
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

from peers import cpu_name

REPEATS = 5


def ffmpeg(clip, threads):
    """Milliseconds a frame of the ffmpeg command: processor, clock."""
    line = ["ffmpeg", "-nostdin", "-hide_banner", "-threads", str(threads), "-stream_loop", str(REPEATS - 1)]
    line += ["-i", clip, "-map", "0:v:0", "-f", "null", "-"]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(line, stderr=subprocess.PIPE, text=True, check=True)
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    frames = int(re.findall(r"frame=\s*(\d+)", done.stderr)[-1])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return 1e3 * cpu / frames, 1e3 * clock / frames


def percept(program, clip):
    """Milliseconds a frame of percept: processor and clock as a picture, processor as the network takes it."""
    line = [program, "bench", "--json", "--times", "--device", "cpu", "--only", "decode", "--clip", clip]
    line += ["--model", "random:3", "--size", "16x16"]
    report = json.loads(subprocess.run(line, stdout=subprocess.PIPE, text=True, check=True).stdout)
    if report["build"]["warning"]:
        raise SystemExit(report["build"]["warning"])
    figures = {figure["name"]: figure for figure in report["decode"]}
    times = figures["frame"]["times_ms"]
    return figures["frame"]["cpu_ms"], sum(times) / len(times), figures["taken"]["cpu_ms"]


def about(clip):
    """Codec and size of a clip."""
    line = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=codec_name,width,height"]
    done = subprocess.run([*line, "-of", "json", clip], stdout=subprocess.PIPE, text=True, check=True)
    stream = json.loads(done.stdout)["streams"][0]
    return stream["codec_name"], f"{stream['width']}x{stream['height']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="+")
    parser.add_argument("--percept", required=True)
    parser.add_argument("--threads", type=int, default=min(4, os.cpu_count() or 1))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    clips = {}
    for clip in options.clips:
        rounds = []
        for number in range(options.rounds):
            rounds.append((*ffmpeg(clip, options.threads), *percept(options.percept, clip)))
            print(f"round {number + 1} {Path(clip).name}", file=sys.stderr)
        least = [min(column) for column in zip(*rounds, strict=True)]
        names = ("ffmpeg_cpu_ms", "ffmpeg_ms", "percept_cpu_ms", "percept_ms", "taken_cpu_ms")
        codec, size = about(clip)
        clips[Path(clip).name] = {"codec": codec, "size": size} | dict(zip(names, least, strict=True))
    print(json.dumps({"schema": "percept-decode-1", "cpu": cpu_name(), "threads": options.threads, "clips": clips}, indent=1))


if __name__ == "__main__":
    main()
