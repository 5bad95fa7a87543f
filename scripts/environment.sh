#!/bin/sh
# Make .venv and install the named locks in it, each only when it changed:
#     scripts/environment.sh default build dev
# With no name it makes .venv alone. With `build` the project is installed too, editable.
# An interrupted run is simply run again: a stamp is written only after its step is complete.
set -eu
cd "$(dirname "$0")/.."
. scripts/checksum.sh

say() { printf '%s\n' "portico: $*" >&2; }

# Sets $python to the first candidate that really runs, is new enough and can make environments.
find_python() {
    lame=""
    for candidate in "${PYTHON:-}" python3.14 python3.13 python3.12 python3.11 python3 python; do
        [ -n "$candidate" ] || continue
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
        if "$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            python=$candidate
            return
        fi
        [ -n "$lame" ] || lame=$candidate
    done
    if [ -n "$lame" ]; then
        package=$("$lame" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        say "$lame runs but cannot make environments: install the system package $package (Debian, Ubuntu: python3-venv), or name another interpreter with PYTHON=..."
    else
        say "no Python 3.11 or newer runs here: install one (Debian, Ubuntu: python3 and python3-venv), or name it with PYTHON=..."
    fi
    exit 1
}

# An environment knows its own place: one that was moved or copied is made again.
make_environment() {
    place="$PWD/.venv"
    if [ -L .venv ]; then # to make it again would empty the environment of another checkout
        say ".venv is a link: remove it, so that this checkout makes an environment of its own"
        exit 2
    fi
    if fresh .venv/.portico-environment "$place" && .venv/bin/python -c '' >/dev/null 2>&1; then
        return
    fi
    find_python
    say "making .venv with $("$python" --version 2>&1)"
    "$python" -m venv --clear .venv
    stamp .venv/.portico-environment "$place"
}

pip_install() {
    .venv/bin/python -m pip --disable-pip-version-check install --quiet "$@"
}

install_lock() {
    lock="requirements/$1.txt"
    if [ ! -f "$lock" ]; then
        say "there is no $lock"
        exit 2
    fi
    sum=$(checksum <"$lock")
    if fresh ".venv/.portico-$1.sha256" "$sum"; then
        return
    fi
    say "installing $lock"
    rm -f ".venv/.portico-$1.sha256"
    pip_install --require-hashes -r "$lock"
    stamp ".venv/.portico-$1.sha256" "$sum"
}

install_project() {
    sum=$(cat pyproject.toml hatch_build.py | checksum)
    if fresh .venv/.portico-project.sha256 "$sum"; then
        return
    fi
    say "installing the project, editable"
    rm -f .venv/.portico-project.sha256
    pip_install --no-deps --no-build-isolation --editable .
    stamp .venv/.portico-project.sha256 "$sum"
}

make_environment
for name in "$@"; do
    install_lock "$name"
    if [ "$name" = build ]; then
        install_project
    fi
done
