#!/bin/sh
# Lint and test. Browser tests run where a Chromium runs; the line about it is printed either way.
set -u
cd "$(dirname "$0")/.."

failed=0
scripts/lint.sh || failed=1

browser=""
for candidate in "${PORTICO_CHROMIUM:-}" /usr/bin/chromium chromium chromium-browser google-chrome; do
    [ -n "$candidate" ] || continue
    if version=$("$candidate" --version 2>/dev/null); then
        browser=$(command -v "$candidate")
        break
    fi
done

marks="not slow"
if [ -n "$browser" ]; then
    PORTICO_CHROMIUM=$browser
    export PORTICO_CHROMIUM
    notice="browser tests run in $browser ($version)"
else
    marks="not slow and not browser"
    notice="browser tests did NOT run: no Chromium here (install one, or name it with PORTICO_CHROMIUM=...)"
fi

printf '%s\n' "== pytest"
# Three workers on two processors: while one waits for a browser or a server the others work. Each begins with a stretch of the
# files, so that what a file makes for its tests is made once; who is done takes from the others.
.venv/bin/pytest -n 3 --dist worksteal -m "$marks" || failed=1
printf '%s\n' "portico: $notice" >&2
exit "$failed"
