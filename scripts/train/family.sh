#!/bin/sh
# Trains the networks that come with percept, one after the other, or goes on where they stopped:
#
#   scripts/train/family.sh DATA OUT [NAME...]
#
# DATA holds video/*.mp4, video/rc_track_tub.tar.gz and panoramas/*.jpg, as the recipe's credits name them. OUT gets a
# folder per network. NAME: family-1 ... family-5, family-shuffled, family-l-all, family-unpenalised, flagship; without,
# all.
# THREADS (1 for each network; several networks side by side use several cores best) and PERCEPT (the program) may be
# set. A network of which OUT has nothing yet goes on from assets/models/checkpoints, where there is one.
set -eu

[ $# -ge 2 ] || { sed -n '2,/^set/p' "$0" | sed '$d; s/^# \{0,1\}//'; exit 2; }
here=$(cd "$(dirname "$0")/../.." && pwd)
data=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
shift 2
[ $# -gt 0 ] || set -- family-1 family-2 family-3 family-4 family-5 family-shuffled family-l-all family-unpenalised flagship
percept=${PERCEPT:-$here/target/release/percept}

# The diet: what the recipe names, under one roof.
diet=$out/diet
mkdir -p "$diet"
ln -sfn "$data/video" "$diet/video"
ln -sfn "$data/panoramas" "$diet/panoramas"
# The flagship begins with this one.
ln -sfn "$here/assets/models/family-1.safetensors" "$diet/family-1.safetensors"
if [ ! -d "$diet/rc_track" ]; then
    rm -rf "$diet/unpacked"
    mkdir "$diet/unpacked"
    tar xzf "$data/video/rc_track_tub.tar.gz" -C "$diet/unpacked"
    mv "$diet/unpacked/tub/images" "$diet/rc_track"
    rm -r "$diet/unpacked"
fi

for name; do
    case $name in
        family-[1-5]) recipe=family seed=${name#family-} ;;
        *) recipe=$name seed=1 ;;
    esac
    if [ ! -e "$out/$name/checkpoint.safetensors" ] && [ -e "$here/assets/models/checkpoints/$name.safetensors" ]; then
        mkdir -p "$out/$name"
        cp "$here/assets/models/checkpoints/$name.safetensors" "$out/$name/checkpoint.safetensors"
        cp "$here/assets/models/checkpoints/$name.log.jsonl" "$out/$name/log.jsonl"
    fi
    nice "$percept" train "$here/assets/models/recipes/$recipe.toml" --data "$diet" --seed "$seed" --name "$name" \
        --out "$out/$name" --threads "${THREADS:-1}" --resume
done
