#!/usr/bin/env bash
# Runs the tests against a real Kafka (KAFKA_HOME or KAFKA_BOOTSTRAP_SERVERS) over what is built; one that is skipped is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${KAFKA_HOME:-}${KAFKA_BOOTSTRAP_SERVERS:-}" ]; then
    echo "Set KAFKA_HOME (a folder with the script kafka) or KAFKA_BOOTSTRAP_SERVERS (any Kafka)." >&2
    exit 64
fi

mkdir -p .build
report=.build/broker-tests
rm -f "$report".xml "$report"-swift-testing.xml
# One at a time: tests have processes, and some a Kafka of their own, which would starve each other.
BROKER_TESTS_REQUIRED=1 swift test --skip-build --no-parallel --filter '^BrokerTests\.' --xunit-output "$report.xml" </dev/null

# Swift Testing's own report: one testcase each, with a <skipped> inside those that did not run.
report+=-swift-testing.xml
total=$(grep -c '<testcase ' "$report" || true)
skipped=$(grep -c '<skipped' "$report" || true)
if [ "${total:-0}" -eq 0 ] || [ "${skipped:-0}" -ne 0 ]; then
    grep -A 1 '<testcase .*[^/]>' "$report" >&2 || true
    echo "Broker tests: ${total:-0} found, ${skipped:-0} skipped; with a Kafka at hand none may be." >&2
    exit 1
fi
echo "Broker tests: all $total ran."
