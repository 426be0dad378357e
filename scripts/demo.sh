#!/usr/bin/env bash
# Builds the executable and shows the whole job: an embedded Kafka, a simulated API, some thousand requests.
# Arguments go to `integration-bridge demo`.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p .build
log=.build/demo-build.log
echo "Building integration-bridge (a first build takes some minutes) ..." >&2
if ! swift build -c release --product integration-bridge >"$log" 2>&1 </dev/null; then
    tail -n 60 "$log" >&2
    echo "The build failed; all of its output is in $log." >&2
    exit 70
fi
exec .build/release/integration-bridge demo "$@"
