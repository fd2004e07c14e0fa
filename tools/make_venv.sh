#!/bin/sh
# Usage: make_venv.sh PYTHON VENV install|install-dev
# Debian ships python3 without ensurepip: the package python3-venv has it.
set -eu
python=$1
venv=$2
what=$3

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "unioncrawl needs Python 3.11 or newer; '$python' is older. Set PYTHON=, for example: make demo PYTHON=python3.12" >&2
    exit 1
fi

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1; then sudo "$@"; else return 1; fi
}

if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    echo "Making the virtual environment in $venv ..."
    rm -rf "$venv"
    if ! "$python" -c 'import ensurepip' >/dev/null 2>&1; then
        echo "This Python has no ensurepip; installing the system package python3-venv ..."
        if ! command -v apt-get >/dev/null 2>&1 || ! { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y python3-venv >/dev/null; }; then
            echo "Could not install python3-venv. Install it as root (apt-get install python3-venv), then run make again." >&2
            exit 1
        fi
    fi
    "$python" -m venv "$venv"
fi

pip="$venv/bin/python -m pip --disable-pip-version-check"
$pip install -q -U 'pip>=25.1' # Debian 12's pip 23.0 knows no dependency groups
case $what in
    install)
        echo "Installing unioncrawl into $venv ..."
        $pip install -q -e .
        ;;
    install-dev)
        echo "Installing unioncrawl and its development tools into $venv ..."
        $pip install -q -e . --group dev --group bench --group fuzz
        # pywb replays what is exported; its brotlipy would take the place of brotli.
        "$python" -m venv "$venv/replay"
        "$venv/replay/bin/python" -m pip install -q -U 'pip>=25.1'
        "$venv/replay/bin/python" -m pip --disable-pip-version-check install -q --group replay
        ;;
    *)
        echo "make_venv.sh: '$what' is neither install nor install-dev" >&2
        exit 2
        ;;
esac
