#!/bin/sh
# Everything that reads the code without running it. All of it is run; what failed is named at the end.
set -u
cd "$(dirname "$0")/.."

failed=""
check() {
    printf '%s\n' "== $*"
    name=$1
    shift
    ".venv/bin/$name" "$@" || failed="$failed [$name $*]"
}

check ruff check --quiet .
check ruff format --check --quiet .
check mypy
check lint-imports --no-cache

if [ -n "$failed" ]; then
    printf '%s\n' "portico: failed:$failed" >&2
    exit 1
fi
