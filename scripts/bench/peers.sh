#!/usr/bin/env bash
# Makes an environment outside the source tree that holds the peers (PyTorch, ONNX Runtime), and prints the
# path of its Python. Nothing that builds or tests percept comes here.
#
#   scripts/bench/peers.sh
#
# Environment:
#   PERCEPT_PEERS=DIR           where it goes (else the user's cache)
#   PERCEPT_PEERS_PYTHON=FILE   a Python that has the peers already: used as it is
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ -n "${PERCEPT_PEERS_PYTHON:-}" ]; then
    printf '%s\n' "$PERCEPT_PEERS_PYTHON"
    exit 0
fi
place=${PERCEPT_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/percept/peers}
python=$place/bin/python
if ! "$python" -c 'import numpy, onnx, onnxruntime, torch' 2>/dev/null; then
    echo "installing PyTorch and ONNX Runtime into $place (some GB, once)" >&2
    python3 -m venv "$place" >&2
    "$python" -m pip install --quiet --upgrade pip >&2
    "$python" -m pip install --quiet --requirement "$here/requirements.txt" >&2
fi
printf '%s\n' "$python"
