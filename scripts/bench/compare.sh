#!/usr/bin/env bash
# Measures percept beside PyTorch and ONNX Runtime, taking turns on the same threads, and its decoding beside the
# ffmpeg command; prints Markdown tables.
#
#   scripts/bench/compare.sh [--threads N] [--rounds N] [--out DIR] [CLIP...]
#
# Environment:
#   PERCEPT=FILE                a release build to measure (else one is made)
#   PERCEPT_PEERS, PERCEPT_PEERS_PYTHON    see peers.sh
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
threads=2
rounds=5
out=
clips=()
while [ $# -gt 0 ]; do
    case $1 in
        --threads | --rounds | --out)
            [ $# -ge 2 ] || { echo "compare.sh: $1 wants a value" >&2; exit 2; }
            case $1 in
                --threads) threads=$2 ;;
                --rounds) rounds=$2 ;;
                --out) out=$2 ;;
            esac
            shift 2
            ;;
        -*)
            sed -n '2,9p' "${BASH_SOURCE[0]}" >&2
            exit 2
            ;;
        *)
            clips+=("$1")
            shift
            ;;
    esac
done
out=${out:-$(mktemp -d)}
mkdir -p "$out"
program=${PERCEPT:-}
if [ -z "$program" ]; then
    (cd "$here/../.." && cargo build --release --bin percept) >&2
    program=$here/../../target/release/percept
fi
python=$("$here/peers.sh")

results=()
for network in full small; do
    "$python" "$here/peers.py" --network $network --threads "$threads" --rounds "$rounds" \
        --percept "$program" >"$out/$network.json"
    results+=("$out/$network.json")
done
if [ ${#clips[@]} -gt 0 ]; then
    "$python" "$here/decode.py" --percept "$program" --threads "$threads" "${clips[@]}" >"$out/decode.json"
    results+=("$out/decode.json")
fi
"$python" "$here/table.py" "${results[@]}"
echo "results in $out" >&2
