#!/usr/bin/env bash
# Format of the Swift sources, shell scripts, schemas and the files that they describe. The compiler's warnings are errors already.
set -euo pipefail
cd "$(dirname "$0")/.."

sources=()
for path in Package.swift Sources Tests Examples Benchmarks; do
    [ ! -e "$path" ] || sources+=("$path")
done
swift format lint --strict --parallel --recursive "${sources[@]}"

for script in scripts/*.sh .ci/run; do
    bash -n "$script"
done
if command -v shellcheck >/dev/null; then
    shellcheck scripts/*.sh .ci/run
else
    echo "shellcheck is not there: shell scripts were only parsed." >&2
fi

python3 scripts/check_schemas.py
python3 -m unittest discover --quiet --start-directory Chaos
echo "lint: ok"
