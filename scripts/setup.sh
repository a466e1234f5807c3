#!/usr/bin/env bash
# Finds what this machine lacks to build, run or test percept, says what and why, and installs it after
# asking. Does nothing but print one line when nothing is missing, so it can be run every time.
#
#   scripts/setup.sh            what building and running need
#   scripts/setup.sh --test     and what the tests need
#
# Environment:
#   CI=true                     do not ask
#   PERCEPT_SETUP_DRY_RUN=1     print what would be run, run nothing
#   PERCEPT_SETUP_ROOT=DIR      look for system files below DIR instead of / (for tests)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
root=${PERCEPT_SETUP_ROOT:-}
dry_run=${PERCEPT_SETUP_DRY_RUN:-}
for_tests=
case ${1:-} in
    --test) for_tests=1 ;;
    '') ;;
    *)
        echo "usage: scripts/setup.sh [--test]" >&2
        exit 2
        ;;
esac

say() { printf '%s\n' "$*"; }
stop() {
    printf '%s\n' "$@" >&2
    exit 1
}
needed_something=
has() { command -v "$1" >/dev/null 2>&1; }

# --- What is needed on Debian and Ubuntu: package, then why. -------------------------------------------

build_needs='
gcc|C compiler and linker
ca-certificates|safe download of the Rust packages
libc6-dev|headers of the C library
pkg-config|finds FFmpeg
clang|reads the headers of FFmpeg
libclang-dev|reads the headers of FFmpeg
libavcodec-dev|FFmpeg: codecs
libavformat-dev|FFmpeg: containers
libavutil-dev|FFmpeg: base
libswscale-dev|FFmpeg: colour and size
libavdevice-dev|FFmpeg: cameras
libavfilter-dev|FFmpeg: needed by its cameras'

run_needs='
libvulkan1|Vulkan loader: the graphics card
libegl1|OpenGL, where there is no Vulkan
libgl1-mesa-dri|OpenGL drivers
libx11-6|window under X
libx11-xcb1|window under X
libxcb1|window under X
libxcursor1|mouse pointer under X
libxi6|mouse and keyboard under X
libxrandr2|screens under X
libxkbcommon0|keyboard layout
libxkbcommon-x11-0|keyboard layout under X
libwayland-client0|window under Wayland'

test_needs='
xvfb|a screen in memory: one test looks at the real window
xauth|access to that screen
ffmpeg|makes the clips that tests decode'

# --- Small questions about the machine. ----------------------------------------------------------------

# Whether any Vulkan driver is installed: each leaves a JSON file for the loader.
has_vulkan_driver() {
    local folder file
    for file in ${VK_DRIVER_FILES:-} ${VK_ICD_FILENAMES:-}; do
        [ -e "$file" ] && return 0
    done
    for folder in /usr/share /usr/local/share /etc "${XDG_DATA_HOME:-$HOME/.local/share}"; do
        for file in "$root$folder"/vulkan/icd.d/*.json; do
            [ -e "$file" ] && return 0
        done
    done
    return 1
}

# The kind of system in one word.
system() {
    case $(uname -s) in
        Darwin) echo macos ;;
        MINGW* | MSYS* | CYGWIN*) echo windows ;;
        Linux) linux_family ;;
        *) echo other ;;
    esac
}

linux_family() {
    local ids=''
    if [ -r "$root/etc/os-release" ]; then
        # shellcheck disable=SC1091
        ids=$(. "$root/etc/os-release" && echo "${ID:-} ${ID_LIKE:-}")
    fi
    case " $ids " in
        *" debian "* | *" ubuntu "*) echo debian ;;
        *" fedora "* | *" rhel "*) echo fedora ;;
        *" arch "*) echo arch ;;
        *) echo other ;;
    esac
}

# Whether $1, or what does its work (one clang of many, an FFmpeg of one's own), is there.
# $2: names of the installed packages, one a line.
is_there() {
    grep -qxF "$1" <<<"$2" && return 0
    case $1 in
        clang) grep -qxE 'clang-[0-9]+' <<<"$2" ;;
        libclang-dev) grep -qxE 'libclang-[0-9]+-dev' <<<"$2" ;;
        libav*-dev | libsw*-dev) has pkg-config && pkg-config --exists "${1%-dev}" ;;
        *) return 1 ;;
    esac
}

# Reads "package|why" lines; prints those whose package is not installed.
missing_of() {
    local package why installed
    installed=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' 2>/dev/null | sed -n 's/^[ih]i *//p' || true)
    while IFS='|' read -r package why; do
        [ -n "$package" ] || continue
        is_there "$package" "$installed" || printf '%s|%s\n' "$package" "$why"
    done
}

# --- Installing. ---------------------------------------------------------------------------------------

# Whether to go on: asks at a terminal; without one, root and CI=true go on and others do not.
agreed() {
    local answer
    if [ -t 0 ] && [ "${CI:-}" != true ]; then
        read -r -p "Go on? [Y/n] " answer
        case $answer in '' | y | Y | yes | Yes) return 0 ;; *) return 1 ;; esac
    fi
    [ "$(id -u)" = 0 ] || [ "${CI:-}" = true ]
}

# Says the commands (one an argument), asks, runs them one after the other.
carry_out() {
    local command
    needed_something=1
    say "This would be run:"
    for command in "$@"; do say "    $command"; done
    [ -z "$dry_run" ] || return 0
    agreed || stop "Nothing was installed. Run the above yourself, then try again."
    for command in "$@"; do
        bash -c "$command" </dev/null || stop "This failed: $command"
    done
}

debian_packages() {
    local needs missing sudo='' packages
    needs=$build_needs$run_needs
    has_vulkan_driver || needs="$needs
mesa-vulkan-drivers|Vulkan in software: this machine has no other Vulkan driver"
    [ -z "$for_tests" ] || needs=$needs$test_needs
    missing=$(missing_of <<<"$needs")
    [ -n "$missing" ] || return 0

    say "percept needs these packages:"
    while IFS='|' read -r package why; do printf '    %-22s %s\n' "$package" "$why"; done <<<"$missing"
    packages=$(cut -d'|' -f1 <<<"$missing" | tr '\n' ' ')
    if [ "$(id -u)" != 0 ]; then
        has sudo || stop "Only root may install them. Run as root:" \
            "    apt-get update && apt-get install --no-install-recommends $packages"
        sudo='sudo '
        say "Installing packages is root's business, so sudo may ask for your password."
    fi
    carry_out "${sudo}apt-get update" \
        "${sudo}env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${packages% }"
}

# Elsewhere: what building needs is found or not; where it is not, the system's own words are printed.
other_packages() {
    local lacks='' library
    has cc || has gcc || has clang || lacks="a C compiler"
    if has pkg-config; then
        for library in libavcodec libavformat libavutil libswscale libavdevice libavfilter; do
            pkg-config --exists "$library" || lacks="$lacks${lacks:+, }$library"
        done
    else
        lacks="$lacks${lacks:+, }pkg-config"
    fi
    [ -n "$lacks" ] || return 0
    stop "percept needs what this machine lacks: $lacks." "$1"
}

fedora='Install it with:
    sudo dnf install gcc make pkgconf-pkg-config clang clang-devel ffmpeg-free-devel vulkan-loader \
        mesa-vulkan-drivers mesa-libEGL mesa-dri-drivers libX11 libX11-xcb libxcb libXcursor libXi \
        libXrandr libxkbcommon libxkbcommon-x11 libwayland-client
and for the tests:
    sudo dnf install xorg-x11-server-Xvfb ffmpeg-free'
arch='Install it with:
    sudo pacman -S --needed base-devel clang ffmpeg vulkan-icd-loader vulkan-swrast mesa libx11 libxcb \
        libxcursor libxi libxrandr libxkbcommon libxkbcommon-x11 wayland
and for the tests:
    sudo pacman -S --needed xorg-server-xvfb'
macos='Install it with:
    xcode-select --install
    brew install pkgconf ffmpeg'
windows='In an MSYS2 UCRT64 terminal, install it with:
    pacman -S --needed make mingw-w64-ucrt-x86_64-{rust,clang,ffmpeg,pkgconf}'
other='Install a C compiler, pkg-config, clang with libclang, the development files of FFmpeg (5.1 or newer)
and a Vulkan loader with a driver, in the words of your system.'

# --- Rust. ---------------------------------------------------------------------------------------------

# Whether version $1 is at least version $2 (major.minor).
at_least() {
    local have_major have_minor want_major want_minor _
    IFS=. read -r have_major have_minor _ <<<"$1"
    IFS=. read -r want_major want_minor _ <<<"$2"
    ((have_major > want_major || (have_major == want_major && have_minor >= want_minor)))
}

# Version of the cargo that would be used; empty where there is none or it does not start.
cargo_version() { (cd "$here" && cargo --version 2>/dev/null || true) | sed -n 's/^cargo \([0-9.]*\).*/\1/p'; }

rust_is_there() {
    local wanted have
    wanted=$(sed -n 's/^rust-version *= *"\(.*\)"/\1/p' "$here/Cargo.toml")
    have=$(cargo_version)
    [ -n "$have" ] && at_least "$have" "$wanted" && return 0
    say "percept needs Rust $wanted or newer; this machine has ${have:-none}."
    return 1
}

rust() {
    # rustup puts itself here, and a shell that was open before does not know.
    has cargo || PATH=$PATH:$HOME/.cargo/bin
    if ! rust_is_there; then
        if has rustup; then
            # For this folder alone: which Rust the user's other work takes is not our business.
            carry_out "rustup toolchain install stable --profile minimal --component clippy,rustfmt" \
                "rustup override set stable --path '$here'"
        else
            stop "Install it with rustup: your distribution's package of that name, or as https://rustup.rs says." \
                "Then try again."
        fi
    fi
    [ -n "$for_tests" ] && [ -z "$dry_run" ] || return 0
    if ! cargo clippy --version >/dev/null 2>&1 || ! cargo fmt --version >/dev/null 2>&1; then
        has rustup || stop "The tests need clippy and rustfmt: install your distribution's packages of these names."
        carry_out "rustup component add clippy rustfmt"
    fi
}

# --- The whole. ----------------------------------------------------------------------------------------

case $(system) in
    debian) debian_packages ;;
    fedora) other_packages "$fedora" ;;
    arch) other_packages "$arch" ;;
    macos) other_packages "$macos" ;;
    windows) other_packages "$windows" ;;
    *) other_packages "$other" ;;
esac
rust
if [ -z "$dry_run" ] || [ -z "$needed_something" ]; then
    say "percept: this machine has what is needed."
fi
