"""Counts the instructions that a record takes, by group of functions, and compares the sum with the recorded one.

Instructions, unlike seconds, come out nearly the same each time. They are counted by callgrind over librdkafka's mock cluster
and a stub of the API, each a process of its own; a run over few records is taken off one over many, so that the start does
not count. What the kernel does is not seen.
"""

import argparse
import collections
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from confluent_kafka import Consumer, TopicPartition

import api
from contestants import Bridge, Peer
from groups import BORROWED, group_of
from kafka import PARTITIONS, Commits, request_id
from measure import Job

RECORDED = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "instructions.json")
# What librdkafka does depends on the size of batches, and so on the clock and on what else the machine does.
TOLERANCE = {"own": 0.10, "all": 0.25}
# Batches that fill up, however slow the processor that callgrind makes: else their size would follow the clock.
PRODUCER = {"linger.ms": "2000", "batch.num.messages": "500", "queue.buffering.max.messages": "100000",
            "queue.buffering.max.kbytes": "262144"}
CONSUMER = {"session.timeout.ms": "6000"}
SIZES = {"cached": (2_000, 22_000), "uncached": (1_000, 5_000), "failures": (2_000, 12_000)}
CACHED_IDS = 20
PEERS = {"cached": "peer-cached", "uncached": "peer-lookup"}


class MockCluster:
    """Looks like `Kafka` to the contestants."""

    def __init__(self, bench, job, ids):
        command = [bench.peer("mock-cluster"), "--requests", job.requests, "--integrations", job.integrations,
                   "--failures", job.failures, "--count", str(job.count), "--ids", str(ids)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.servers = self.process.stdout.readline().strip()

    def go_on(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Counting:
    """What contestants ask for, as `Bench` has it."""

    def __init__(self, options):
        self.binary, self.peers = os.path.abspath(options.binary), os.path.abspath(options.peers)
        self.folder = tempfile.mkdtemp(prefix="integration-bridge-instructions-")
        self.peer_options = [word for side, settings in (("consumer", CONSUMER), ("producer", PRODUCER))
                             for name, value in settings.items() for word in (f"--{side}", f"{name}={value}")]
        self.peer_environment = {}
        self.kafka = None

    def peer(self, name):
        return os.path.join(self.peers, name)


def properties(settings):
    return ",".join(f"{name}={value}" for name, value in settings.items())


def contestant(path, is_peer):
    if is_peer:
        return Peer(PEERS[path])
    return Bridge(KAFKA_PRODUCER_PROPERTIES=properties(PRODUCER), KAFKA_CONSUMER_PROPERTIES=properties(CONSUMER))


def count(bench, path, program, records):
    """Runs the program under callgrind; gives the file of its counts."""
    ids = {"cached": CACHED_IDS, "uncached": records, "failures": 0}[path]
    job = Job(requests="requests", integrations="integrations", failures="failures", group="count", count=records)
    bench.kafka = cluster = MockCluster(bench, job, ids)
    stub = api.start_stub(bench.folder, bench.peers)
    job.api = stub.url
    if path == "cached":
        job.documents = os.path.join(bench.folder, "documents")
        api.save_documents(stub, [request_id(number) for number in range(ids)], job.documents)
    out = os.path.join(bench.folder, f"{program.name}-{path}-{records}.callgrind")
    command, environment = program.command(bench, job)
    environment["LD_PRELOAD"] = bench.peer("writable-mask.so")
    log = open(out + ".log", "w+")
    process = subprocess.Popen(["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={out}"] + command,
                               env={**os.environ, **environment}, stdout=log, stderr=log)
    commits = Commits(cluster, job.group, job.requests)
    try:
        for target in sorted({ids, records} - {0}):
            # The other requests come when all ids are cached: how many waited for an answer would differ each time.
            if target > ids:
                cluster.go_on()
            deadline = time.monotonic() + 240
            while commits.count() < target and process.poll() is None:
                if time.monotonic() > deadline:
                    process.kill()
                    sys.exit(f"bench-instructions: {program.name} did not finish {target:,} records in 240 s")
                time.sleep(0.1)
        if program.ends_by_signal:
            process.send_signal(signal.SIGTERM)
        if process.wait(120):
            sys.exit(f"bench-instructions: {program.name} ended with {process.returncode}; see {log.name}")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        commits.close()
        stub.stop()
        cluster.stop()
    return out


LINE = re.compile(r"^\s*([\d,]+)\s+(?:\([^)]*\)\s+)?(.*)$")


def parse(path, inclusive=False):
    """Instructions by (file, function, library): of the function itself, or with all that it calls."""
    command = ["callgrind_annotate", "--threshold=100", "--auto=no"] + (["--inclusive=yes"] if inclusive else []) + [path]
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, errors="replace").stdout
    text = subprocess.run(["swift", "demangle", "--simplified"], input=text, check=True, stdout=subprocess.PIPE, text=True).stdout
    costs = collections.Counter()
    for line in text.splitlines():
        match = LINE.match(line)
        if not match or "PROGRAM TOTALS" in line or ":" not in match.group(2):
            continue
        place, _, library = match.group(2).partition(" [/")
        file, _, function = place.partition(":")
        costs[(file, function, os.path.basename(library.rstrip("]")))] += int(match.group(1).replace(",", ""))
    return costs


class PerRecord:
    """What a record takes of one program: the run over many records less the one over few."""

    def __init__(self, bench, path, program):
        self.small, self.large = SIZES[path]
        self.files = [count(bench, path, program, size) for size in (self.small, self.large)]
        self.costs = self.difference()

    def difference(self, inclusive=False):
        before, after = (parse(file, inclusive) for file in self.files)
        return {key: (after[key] - before.get(key, 0)) / (self.large - self.small) for key in after}

    def sums(self):
        """Of all, and of what is not in a library that others wrote."""
        own = sum(cost for key, cost in self.costs.items() if group_of(*key) not in BORROWED)
        return {"all": round(sum(self.costs.values())), "own": round(own)}


def print_inclusive(counted, limit):
    """The program's own functions with all that they call, but for those that are entered again (marked '2), as tasks are."""
    costs = collections.Counter()
    for (_, function, library), cost in counted.difference(inclusive=True).items():
        if cost <= counted.sums()["all"] and not re.search(r"'\d+$|^0x", function) and not library.startswith(("librdkafka", "libc.", "libcurl")):
            costs[function] = max(costs[function], cost)
    print("with all that is called:")
    for function, cost in costs.most_common(limit):
        print(f"      {cost:>8,.0f}  {function[:110]}")


def print_table(counted, details):
    costs_by_program = {name: each.costs for name, each in counted.items()}
    programs = list(costs_by_program)
    groups = collections.defaultdict(lambda: collections.Counter())
    for program, costs in costs_by_program.items():
        for key, cost in costs.items():
            groups[group_of(*key)][program] += cost
    first = programs[0]
    print(f"{'instructions a record':<34}" + "".join(f"{program:>16}" for program in programs))
    for group, costs in sorted(groups.items(), key=lambda item: -max(item[1].values())):
        if max(costs.values()) >= 1:
            print(f"  {group:<32}" + "".join(f"{costs[program]:>16,.0f}" for program in programs))
        if details:
            inside = {key: cost for key, cost in costs_by_program[first].items() if group_of(*key) == group}
            for (file, function, _), cost in sorted(inside.items(), key=lambda item: -item[1])[:details]:
                if cost >= 5:
                    print(f"      {cost:>8,.0f}  {function[:100]}  ({os.path.basename(file)})")
    print(f"{'sum':<34}" + "".join(f"{sum(costs_by_program[program].values()):>16,.0f}" for program in programs))


def main():
    parser = argparse.ArgumentParser(prog="bench-instructions", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--path", choices=SIZES, action="append", help="default: cached")
    parser.add_argument("--peer", action="store_true", help="the C peer beside the bridge, where the path has one")
    parser.add_argument("--details", type=int, default=0, help="that many functions of each group")
    parser.add_argument("--inclusive", type=int, default=0, help="that many functions with all that they call")
    parser.add_argument("--record", action="store_true", help=f"write the sums to {os.path.relpath(RECORDED)}")
    parser.add_argument("--binary", default=".build/release/integration-bridge")
    parser.add_argument("--peers", default=".build/peers")
    options = parser.parse_args()
    bench = Counting(options)
    recorded = json.load(open(RECORDED)) if os.path.exists(RECORDED) else {}
    grown = False
    for path in options.path or ["cached"]:
        programs = [contestant(path, False)] + ([contestant(path, True)] if options.peer and path in PEERS else [])
        counted = {program.name: PerRecord(bench, path, program) for program in programs}
        print(f"\n{path}: {SIZES[path][1] - SIZES[path][0]:,} records")
        print_table(counted, options.details)
        if options.inclusive:
            print_inclusive(counted["bridge"], options.inclusive)
        sums = counted["bridge"].sums()
        if options.record:
            recorded[path] = sums
            continue
        for name, before in recorded.get(path, {}).items():
            change = sums[name] / before - 1
            print(f"{name}: {sums[name]:,}, recorded {before:,}, {change:+.1%}")
            grown = grown or change > TOLERANCE[name]
    shutil.rmtree(bench.folder)
    if options.record:
        with open(RECORDED, "w") as file:
            json.dump(recorded, file, indent=2)
            file.write("\n")
    if grown:
        sys.exit("bench-instructions: they have grown beyond what is recorded; find out why, or record them with --record")


if __name__ == "__main__":
    main()
