"""Measures the built bridge beside C programs that do the same work on the same librdkafka and libcurl, in the same run.

Medians of all rounds, with the lowest and the highest. Contestants take turns, every result is read back and checked, and a
run that lost or spoiled one fails the command. KAFKA_HOME is a folder with a script `kafka` (`kafka start DIR` prints
bootstrap servers); KAFKA_BOOTSTRAP_SERVERS names a cluster that runs.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time

import api
import report
from kafka import Kafka
from measure import RunFailed
from scenarios import SCENARIOS

DEFAULT = ["cached", "uncached", "failures", "latency"]


class Bench:
    """What all scenarios share."""

    def __init__(self, options):
        self.binary, self.peers = os.path.abspath(options.binary), os.path.abspath(options.peers)
        self.peer_options = [word for text in options.peer_option for word in text.split()]
        self.peer_environment = {"LD_PRELOAD": options.peer_preload} if options.peer_preload else {}
        self.folder = tempfile.mkdtemp(prefix="integration-bridge-bench-")
        self.kafka = self.nginx = None
        self.runs = []

    def peer(self, name):
        return os.path.join(self.peers, name)

    def open(self):
        self.kafka = Kafka(self.folder)
        self.nginx = api.start_nginx(self.folder)

    def close(self):
        for run in self.runs:
            run.kill()
        if self.nginx:
            self.nginx.stop()
        if self.kafka:
            self.kafka.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def parse():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", help=f"of {', '.join(SCENARIOS)}, or all; default: {', '.join(DEFAULT)}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cached", type=int, default=1_000_000, help="requests over 2,000 ids")
    parser.add_argument("--uncached", type=int, default=100_000, help="requests, each of its own id")
    parser.add_argument("--failures", type=int, default=300_000, help="requests that name no id")
    parser.add_argument("--latency-rate", type=int, default=1000, help="requests a second")
    parser.add_argument("--latency-seconds", type=int, default=15)
    parser.add_argument("--latency-rounds", type=int, default=2)
    parser.add_argument("--flatness-rounds", type=int, default=2)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000], help="of flatness; 10000000 is worth a try")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything and one round: to see that it works")
    parser.add_argument("--binary", default=".build/release/integration-bridge")
    parser.add_argument("--peers", default=".build/peers")
    parser.add_argument("--peer-preload", help="a library to put before the peers' own, such as the bridge's allocator: libtcmalloc_minimal.so.4")
    parser.add_argument("--peer-option", action="append", default=[], help="passed on to the peers, such as '--producer linger.ms=50'")
    parser.add_argument("--json", help="where to put all figures")
    options = parser.parse_args()
    if options.scenarios == ["all"]:
        options.scenarios = list(SCENARIOS)
    options.scenarios = options.scenarios or DEFAULT
    unknown = [name for name in options.scenarios if name not in SCENARIOS]
    if unknown:
        parser.error(f"no such scenario: {', '.join(unknown)}")
    if options.quick:
        options.rounds = options.latency_rounds = options.flatness_rounds = 1
        options.cached, options.uncached, options.failures = options.cached // 10, options.uncached // 10, options.failures // 10
        options.latency_seconds, options.sizes = 5, [10_000, 100_000]
    return options


def main():
    options, start = parse(), time.monotonic()
    bench, done = Bench(options), []
    try:
        bench.open()
        for name in options.scenarios:
            result = SCENARIOS[name](bench, options)
            if result:
                done.append(result)
    except RunFailed as failure:
        sys.exit(f"bench: {failure}")
    finally:
        bench.close()
    print(report.text(done))
    print("\nEvery request had its result, each was valid, and where bridge and peer do the same, both made the same of every request"
          f" (but for times, source, attempts and request ids). {time.monotonic() - start:.0f} s.")
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"cores": os.cpu_count(), "scenarios": done}, file, indent=2)


if __name__ == "__main__":
    main()
