#!/bin/sh
# Renew requirements/*.txt: all platforms, with hashes, without addresses. UPGRADE=1 takes the newest versions.
# build follows default, and dev follows both, so that all of them fit in one environment.
set -eu
cd "$(dirname "$0")/.."

.venv/bin/python -m pip --disable-pip-version-check install --quiet 'uv==0.13.9'

compile() {
    out="requirements/$1.txt"
    shift
    .venv/bin/python -m uv pip compile --quiet --no-config --universal --generate-hashes --python-version 3.11 \
        --custom-compile-command 'make lock' ${UPGRADE:+--upgrade} --output-file "$out" "$@" >/dev/null
    if grep -nE '://|--(find-links|index-url|extra-index-url)|(^|[ "=])/' "$out"; then
        printf '%s\n' "portico: $out names an address or a path of this machine" >&2
        exit 1
    fi
}

compile default pyproject.toml
compile postgres pyproject.toml --extra postgres -c requirements/default.txt
compile build requirements/build.in -c requirements/default.txt
compile dev requirements/dev.in -c requirements/default.txt -c requirements/build.txt
