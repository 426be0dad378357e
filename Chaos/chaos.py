#!/usr/bin/env python3
"""Kills, freezes and restarts bridges, brokers and the API while requests go through, and counts what was lost, doubled or out of order.

    KAFKA_HOME=... Chaos/chaos.py [--cycles N] [--guarantee atLeastOnce|exactlyOnce] [--bridges 1|2] [--brokers 1|3] [--seed N]

KAFKA_HOME is a folder with a script `kafka` (`kafka start DIR` prints bootstrap servers). Exit code 0: what was promised was kept.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

from api import KEY, SECRET, API
from bridges import Fleet, Settings
from cluster import Cluster, Offsets
from diary import Diary
from faults import Faults
from feeder import Feeder
from monitor import Monitor
from reader import number_of, read, result_of
from verdict import Judge, Verdict
from workload import Workload

PARTITIONS = 8
OUTPUT_PARTITIONS = 4
STUCK_AFTER = 120
CALLS_PER_CYCLE = 250
FIRST_GUESS_OF_A_CYCLE = 7.0


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=20, help="how many faults, one after the other")
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--guarantee", choices=("atLeastOnce", "exactlyOnce"), default="atLeastOnce")
    parser.add_argument("--order", choices=("unordered", "partition"), help="unordered, or partition with exactlyOnce")
    parser.add_argument("--bridges", type=int, choices=(1, 2), default=1, help="how many run at first; one more may join")
    parser.add_argument("--brokers", type=int, choices=(1, 3), default=1)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--binary", type=Path, help="the release build where there is one, else the debug build")
    parser.add_argument("--json", type=Path, help="where to put the report")
    options = parser.parse_args(arguments)
    options.order = options.order or ("partition" if options.guarantee == "exactlyOnce" else "unordered")
    return options


def binary_of(options: argparse.Namespace, root: Path) -> Path:
    candidates = [options.binary] if options.binary else [root / f".build/{kind}/integration-bridge" for kind in ("release", "debug")]
    for candidate in candidates:
        if candidate.exists():
            return candidate.resolve()
    sys.exit(f"chaos: {candidates[0]} is missing: make build")


class Run:
    """One run, from an empty cluster to the verdict."""

    def __init__(self, options: argparse.Namespace, binary: Path, cluster: Cluster, folder: Path) -> None:
        self.options, self.folder, self.diary = options, folder, Diary()
        stride = max(2, options.records // max(1, options.cycles * CALLS_PER_CYCLE))
        self.workload = Workload(options.seed, stride)
        self.api = API(binary, folder)
        self.cluster = cluster
        self.settings = Settings(
            self.cluster.servers, self.api.url, KEY, SECRET, options.guarantee, options.order,
            "chaos", "chaos-requests", "chaos-integrations", "chaos-failures",
        )
        self.fleet = Fleet.make(self.diary, binary, folder, self.settings, options.bridges + 1)
        self.faults = Faults(self.diary, options.seed, self.fleet, self.cluster, self.api)
        self.problems: list[str] = []

    def run(self) -> dict[str, object]:
        settings, options = self.settings, self.options
        self.cluster.create_topics({
            settings.requests: PARTITIONS, settings.integrations: OUTPUT_PARTITIONS, settings.failures: OUTPUT_PARTITIONS})
        self.api.start()
        feeder = Feeder(settings.servers, settings.requests, self.workload, options.records, options.seed)
        monitor = Monitor(self.diary, Offsets(settings.servers, settings.group, settings.requests, PARTITIONS))
        self.diary.note(f"{options.brokers} broker(s), {options.bridges} bridge(s), {options.guarantee}, {options.order}, seed {options.seed}")
        try:
            for bridge in self.fleet.bridges[:options.bridges]:
                self.fleet.start(bridge)
            self._cycles(feeder)
            self.faults.heal()
            feeder.finish(120)
            self.diary.note("all faults are over, and all requests are there")
            if self._finish(monitor):
                self.fleet.stop(self.faults.running_bridge())
        finally:
            feeder.end()
            monitor.end()
        self.problems += self.fleet.violations + monitor.violations
        verdict = self._judge()
        return self._report(verdict)

    def end(self) -> None:
        self.fleet.end()
        self.api.stop()

    def _cycles(self, feeder: Feeder) -> None:
        start = time.monotonic()
        cycles = self.options.cycles
        for cycle in range(cycles):
            a_cycle = (time.monotonic() - start) / cycle if cycle else FIRST_GUESS_OF_A_CYCLE
            share = (self.options.records - feeder.sent) / (cycles - cycle)
            feeder.pace(share * 0.7 / a_cycle)
            self.faults.pause(0.2, 3)
            feeder.burst(int(share * 0.3))
            self.faults.pause(0, 0.5)
            fault = self.faults.next()
            self.diary.note(f"cycle {cycle + 1}/{cycles}: {fault.__name__}, {feeder.acknowledged} requests so far")
            fault()

    def _finish(self, monitor: Monitor) -> bool:
        """Waits until everything is committed; says whether it came to that."""
        offsets = Offsets(self.settings.servers, self.settings.group, self.settings.requests, PARTITIONS)
        try:
            ends = None
            while ends is None:
                ends = offsets.ends()
            start = time.monotonic()
            while monitor.committed != ends:
                self.faults.pause(0.2, 0.2)
                if time.monotonic() - max(start, monitor.moved_at) > STUCK_AFTER:
                    self._report_stuck(monitor.committed, ends)
                    return False
            self.diary.note(f"everything is committed, {time.monotonic() - start:.1f} s later")
            return True
        finally:
            offsets.close()

    def _report_stuck(self, committed: list[int], ends: list[int]) -> None:
        self.problems.append(f"stuck: nothing was committed for {STUCK_AFTER} s; committed {committed}, ends {ends}")
        for bridge in self.fleet.bridges:
            if bridge.runs:
                lines = bridge.log.read_text(errors="replace").splitlines()[-20:]
                print(f"The last lines of {bridge.log}:", *lines, sep="\n    ", file=sys.stderr)

    def _judge(self) -> Verdict:
        settings = self.settings
        judge = Judge(settings.guarantee, settings.order, self.workload.request)
        for message in read(settings.servers, settings.requests, PARTITIONS, 300):
            number = number_of(message)
            request = self.workload.request(-1 if number is None else number)
            if number is None or (message.key(), message.value()) != (request.key, request.value):
                raise RuntimeError(f"the request {message.partition()}-{message.offset()} is not as it was sent")
            judge.hear_request(message.partition(), message.offset(), number)
        for topic in (settings.integrations, settings.failures):
            for message in read(settings.servers, topic, OUTPUT_PARTITIONS, 300):
                judge.hear_result(result_of(message, settings.requests, settings.integrations))
        return judge.finish()

    def _report(self, verdict: Verdict) -> dict[str, object]:
        if verdict.requests != self.options.records:
            self.problems.append(f"the requests topic has {verdict.requests} of {self.options.records} requests")
        return {
            "passes": verdict.passes and not self.problems,
            "options": {name: value for name, value in vars(self.options).items() if name not in ("json", "binary")},
            "seconds": round(self.diary.elapsed(), 1),
            "verdict": verdict.document(),
            "problems": self.problems,
            "exits": dict(sorted(self.fleet.exits.items())),
            "slowest_stop_seconds": round(self.fleet.slowest_stop, 2),
            "actions": self.diary.entries,
        }


def summary(report: dict, folder: Path) -> str:
    verdict, options = report["verdict"], report["options"]
    lines = [
        f"chaos: {'passed' if report['passes'] else 'FAILED'}; seed {options['seed']}, {options['cycles']} cycles, "
        f"{options['guarantee']}, {options['order']}, {options['bridges']} bridge(s), {options['brokers']} broker(s), {report['seconds']} s",
        f"  requests {verdict['requests']}  results {verdict['results']}",
        f"  lost {verdict['lost']}  duplicate {verdict['duplicate']} ({verdict['duplicate_ratio']:.2%})  "
        f"out of order {verdict['out_of_order']}{'' if options['order'] == 'partition' else ' (not promised)'}  wrong {verdict['wrong']}",
        "  exits  " + "  ".join(f"{how} x{count}" for how, count in report["exits"].items()),
        f"  slowest orderly stop {report['slowest_stop_seconds']} s",
    ]
    lines += [f"  problem: {problem}" for problem in report["problems"]]
    promised = {"lost", "wrong"} | ({"out_of_order"} if options["order"] == "partition" else set())
    promised |= {"duplicate"} if options["guarantee"] == "exactlyOnce" else set()
    lines += [f"  {kind}: {text}" for kind, texts in verdict["examples"].items() if kind in promised for text in texts]
    return "\n".join([*lines, f"  logs: {folder}"])


def skipped_markers(kafka: Path) -> str | None:
    """What a broker says that has left transactions without their end.

    A broker that comes up can take the partitions of a transaction for deleted while it does not know their leaders yet: the
    abort is complete then, but its markers are missing, and the producer's next commit makes the results seen (Kafka 4.3.1).
    """
    for log in kafka.rglob("*"):
        if log.is_file() and log.suffix in ("", ".log", ".out") and "data" not in log.parts:
            for line in log.read_text(errors="replace").splitlines():
                if "while trying to send transaction markers" in line and "can be skipped" in line:
                    return line
    return None


def is_explained(report: dict) -> bool:
    """Markers that are missing double results, and nothing else."""
    verdict = report["verdict"]
    return not report["problems"] and verdict["lost"] == 0 and verdict["wrong"] == 0 and verdict["duplicate"] > 0


def attempt(options: argparse.Namespace, root: Path, home: Path) -> tuple[dict, Path, str | None]:
    """One run; also what the broker did to it, where that explains its failure."""
    folder = root / ".build/chaos" / f"{time.strftime('%Y%m%d-%H%M%S')}-{options.seed}"
    folder.mkdir(parents=True)
    print(f"chaos: seed {options.seed}, logs in {folder}", file=sys.stderr, flush=True)
    binary = binary_of(options, root)
    cluster = Cluster(home, folder / "kafka", options.brokers)
    try:
        cluster.open()
        run = Run(options, binary, cluster, folder)
        try:
            report = run.run()
        except RuntimeError as error:
            sys.exit(f"chaos: {error}\nchaos: logs in {folder}")
        finally:
            run.end()
    finally:
        cluster.end()
    brokers_fault = None
    if report["passes"]:
        shutil.rmtree(folder / "kafka", ignore_errors=True)
    elif options.guarantee == "exactlyOnce" and is_explained(report):
        brokers_fault = skipped_markers(folder / "kafka")
    return report, folder, brokers_fault


def main() -> None:
    options = parse()
    root = Path(__file__).resolve().parent.parent
    home = os.environ.get("KAFKA_HOME")
    if not home:
        sys.exit("chaos: set KAFKA_HOME: the brokers are killed, so they must be the run's own")
    # So that a termination goes through `finally` and leaves no process behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for left in (2, 1, 0):
        report, folder, brokers_fault = attempt(options, root, Path(home))
        print(summary(report, folder.relative_to(root)))
        if not brokers_fault or not left:
            break
        print(f"chaos: a broker left transactions without their end, so this run says nothing of the bridge; once more.\n  {brokers_fault}")
    text = json.dumps(report, indent=2)
    (folder / "report.json").write_text(text)
    if options.json:
        options.json.write_text(text)
    sys.exit(0 if report["passes"] else 1)


if __name__ == "__main__":
    main()
