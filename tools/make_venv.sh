#!/bin/sh
# Usage: make_venv.sh PYTHON VENV install|install-dev
# What is installed has the versions and hashes of requirements/*.txt (tools/lock.sh). An index that
# lacks one of these versions is said, and the ranges of pyproject.toml are installed from it; a file
# that differs from its hash is refused.
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

# install_locked PYTHON LOCK: 0 installed, 1 not (the reason is said), exit 2 refused.
install_locked() {
    log=$(mktemp)
    if "$1" -m pip --disable-pip-version-check install -q --require-hashes -r "requirements/$2.txt" >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    cat "$log" >&2
    if grep -q "DO NOT MATCH THE HASHES" "$log"; then
        rm -f "$log"
        echo "A package differs from its hash in requirements/$2.txt: nothing more is installed. Check the index." >&2
        exit 2
    fi
    if grep -q "No matching distribution" "$log"; then
        why="This index lacks a version of requirements/$2.txt"
    else
        why="The versions of requirements/$2.txt could not be installed, as said above"
    fi
    rm -f "$log"
    echo "$why; installing within the ranges of pyproject.toml." >&2
    return 1
}

# install_checkout LOCK GROUPS: the locked packages and the checkout, or the checkout with what it names.
install_checkout() {
    if install_locked "$venv/bin/python" "$1" \
        && $pip install -q --no-deps --no-build-isolation -e . && $pip check -q >&2; then
        return
    fi
    $pip install -q -U 'pip>=25.1' # Debian 12's pip 23.0 knows no dependency groups
    # shellcheck disable=SC2086 # each group is a word
    $pip install -q -e . $2
}

pip="$venv/bin/python -m pip --disable-pip-version-check"
case $what in
    install)
        echo "Installing unioncrawl into $venv ..."
        install_checkout runtime ""
        ;;
    install-dev)
        echo "Installing unioncrawl and its development tools into $venv ..."
        install_checkout dev "--group dev --group bench --group fuzz"
        # pywb replays what is exported; its brotlipy would take the place of brotli.
        "$python" -m venv "$venv/replay"
        install_locked "$venv/replay/bin/python" replay || {
            "$venv/replay/bin/python" -m pip install -q -U 'pip>=25.1'
            "$venv/replay/bin/python" -m pip --disable-pip-version-check install -q --group replay
        }
        ;;
    *)
        echo "make_venv.sh: '$what' is neither install nor install-dev" >&2
        exit 2
        ;;
esac
