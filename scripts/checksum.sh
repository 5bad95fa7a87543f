# Sourced by the other scripts: one checksum of everything on standard input.
checksum() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum | cut -d ' ' -f 1
    else
        shasum -a 256 | cut -d ' ' -f 1
    fi
}

# fresh STAMP SUM: whether the step behind STAMP was last completed with SUM.
fresh() {
    [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

# stamp STAMP SUM: written whole or not at all, and only after the step is complete.
stamp() {
    printf '%s\n' "$2" >"$1.new"
    mv -f "$1.new" "$1"
}
