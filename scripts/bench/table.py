"""The results of peers.py and decode.py as Markdown tables.

    python table.py full.json small.json decode.json
"""

import json
import sys


def peers(result):
    rows = sorted(result["implementations"].items(), key=lambda item: item[1]["median_ms"])
    own = result["implementations"].get("percept-cpu")
    others = [row["median_ms"] for name, row in rows if not name.startswith("percept")]
    size = "x".join(map(str, result["size"]))
    print(f"Channels {tuple(result['widths'])} at {size}, {result['threads']} threads, {result['cpu']}; ", end="")
    print(f"load before {result['load_average'][0]:.1f}, after {result['load_average'][1]:.1f}.\n")
    print("| implementation | median ms | p25 to p75 | least | processor ms | memory MB | difference | times percept |")
    print("|---|---|---|---|---|---|---|---|")
    for name, row in rows:
        ratio = f"{row['median_ms'] / own['median_ms']:.2f}" if own else ""
        print(
            f"| {name} ({row['version']}) | {row['median_ms']:.2f} | {row['p25_ms']:.2f} to {row['p75_ms']:.2f} | "
            f"{row['min_ms']:.2f} | {row['cpu_ms']:.1f} | {row['peak_rss_mb']:.0f} | {row['max_difference']:.1e} | {ratio} |"
        )
    if own and others:
        print(f"\nPercept takes {own['median_ms'] / min(others):.3f} of the time of the fastest other one.")
    print()


def decoding(result):
    print(f"Decoding, {result['threads']} threads, {result['cpu']}; milliseconds a frame.\n")
    print("| clip | frame | ffmpeg, processor | percept, processor | ratio | as the network takes it | ffmpeg, clock | percept, clock | ratio |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, row in result["clips"].items():
        theirs, ours, taken = row["ffmpeg_cpu_ms"], row["percept_cpu_ms"], row["taken_cpu_ms"]
        print(
            f"| {name} | {row['size']} {row['codec']} | {theirs:.2f} | {ours:.2f} | {ours / theirs:.2f} | "
            f"{taken / theirs:.2f} | {row['ffmpeg_ms']:.2f} | {row['percept_ms']:.2f} | "
            f"{row['percept_ms'] / row['ffmpeg_ms']:.2f} |"
        )
    print()


def main():
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            result = json.load(file)
        decoding(result) if "clips" in result else peers(result)


if __name__ == "__main__":
    main()
