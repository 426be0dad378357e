#!/usr/bin/env python3
"""Measures with the built program how an API's quota is used, and how bridges that know nothing of each other share it.

    KAFKA_HOME=... Benchmarks/quota.py [--kinds window,sliding,bucket] [--bridges 1,2,5] [--rate-limit 300/4s] [--windows N]
                                       [--latency 20ms] [--binary PATH] [--json FILE]

Each run starts `simulate-api` with one quota, and bridges with a backlog each, topics and groups of their own. Its figures are of
the steady state: the windows after the first in which every bridge makes calls, up to the last before one of them is done.
They count only where every request has exactly one result, and that one is resolved, which is checked.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

from confluent_kafka import Consumer, Producer, TopicPartition

from bench.kafka import PARTITIONS, Kafka


class Simulator:
    """The stand-in for the API, as a process; `counters()` ends it."""

    def __init__(self, binary, kind, rate, latency):
        command = [binary, "simulate-api", "--port", "0", "--rate-limit", rate, "--rate-limit-kind", kind, "--latency", latency]
        self.process = subprocess.Popen(command + ["--count-callers"], stdout=subprocess.PIPE, text=True)
        self.url = re.search(r"http://\S+", self.process.stdout.readline()).group(0)

    def counters(self):
        self.process.send_signal(signal.SIGTERM)
        output, _ = self.process.communicate(timeout=30)
        return json.loads(output.strip().splitlines()[-1])


class Bridge:
    """One bridge with topics of its own, filled with requests whose ids name it."""

    def __init__(self, kafka, name, count):
        run = uuid.uuid4().hex[:8]
        self.kafka, self.name, self.count, self.process = kafka, name, count, None
        self.topics = [f"quota-{run}-{kind}" for kind in ("requests", "out", "failed")]
        kafka.create(*self.topics)
        producer = Producer({"bootstrap.servers": kafka.servers, "linger.ms": 20})
        for number in range(count):
            producer.produce(self.topics[0], value=f"{name}.int-{number}", partition=number % PARTITIONS)
        producer.flush(60)
        self.reader = Consumer({"bootstrap.servers": kafka.servers, "group.id": run, "enable.auto.commit": False})

    def start(self, binary, folder, url):
        settings = {
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka.servers, "REQUESTS_TOPICS": self.topics[0],
            "REQUESTS_GROUP_ID": self.topics[0], "INTEGRATIONS_TOPIC": self.topics[1], "FAILURES_TOPIC": self.topics[2],
            "API_BASE_URL": url, "API_AUTH": "none",
        }
        environment = dict(os.environ, **{"INTEGRATION_BRIDGE_" + key: value for key, value in settings.items()})
        empty = os.path.join(folder, "empty.yaml")
        open(empty, "w").close()
        with open(os.path.join(folder, f"{self.topics[0]}.log"), "wb") as log:
            self.process = subprocess.Popen([binary, "run", "--config", empty], env=environment, stdout=log, stderr=log)

    def is_done(self):
        if self.process.poll() is not None:
            sys.exit(f"quota: a bridge ended with {self.process.returncode}")
        return sum(self.results()) >= self.count

    def results(self):
        """How many records there are in the integrations and in the failures topic."""
        return [
            sum(self.reader.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)[1] for partition in range(PARTITIONS))
            for topic in self.topics[1:]
        ]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        assert code == 0, f"a bridge ended with {code}"

    def verify(self):
        """Every request has one result, and it is the document that was asked for."""
        self.reader.assign([TopicPartition(self.topics[1], partition, 0) for partition in range(PARTITIONS)])
        ids, deadline = [], time.monotonic() + 60
        while len(ids) < self.count and time.monotonic() < deadline:
            ids += [json.loads(message.value())["id"] for message in self.reader.consume(5000, 1)]
        ends = self.results()
        self.reader.close()
        expected = {f"{self.name}.int-{number}" for number in range(self.count)}
        assert set(ids) == expected and ends == [self.count, 0], f"{self.count} requests, {len(set(ids))} resolved, ends {ends}"
        self.kafka.delete(*self.topics)


def steady(windows, names):
    """The windows with calls of all bridges, but for the first and the last of them, which may be parts."""
    full = [number for number, window in enumerate(windows) if all(window["by_caller"].get(name) for name in names)]
    return windows[full[0] + 1:full[-1]] if full else []


def figures(counters, names):
    windows = steady(counters["windows"], names)
    if not windows:
        sys.exit("quota: no window of steady state; raise --windows")
    uses = [window["used"] / window["limit"] for window in windows]
    calls = [sum(window["by_caller"][name] for window in windows) for name in names]
    refused = sum(window["refused"] for window in windows)
    return {
        "used": sum(uses) / len(uses), "least": min(uses), "most": max(uses), "windows": len(windows),
        "refused": refused / (refused + sum(calls)), "refused_overall": counters["rate_limited"] / counters["calls"],
        "calls": calls, "spread": (max(calls) - min(calls)) * len(calls) / sum(calls), "all_windows": counters["windows"],
    }


def measure(arguments, kafka, folder, kind, bridges):
    limit = int(arguments.rate_limit.split("/")[0])
    # A bucket is full at the start: one window's calls more.
    backlog = limit * (arguments.windows + (kind == "bucket")) // bridges
    names = [chr(ord("a") + number) for number in range(bridges)]
    running = [Bridge(kafka, name, backlog) for name in names]
    simulator = Simulator(arguments.binary, kind, arguments.rate_limit, arguments.latency)
    try:
        for bridge in running:
            bridge.start(arguments.binary, folder, simulator.url)
        deadline = time.monotonic() + 600
        while not all(bridge.is_done() for bridge in running):
            assert time.monotonic() < deadline, "the bridges are not done after 10 minutes"
            time.sleep(0.1)
        for bridge in running:
            bridge.stop()
        counters = simulator.counters()
    finally:
        for process in [bridge.process for bridge in running] + [simulator.process]:
            if process and process.poll() is None:
                process.kill()
    for bridge in running:
        bridge.verify()
    return {"kind": kind, "bridges": bridges, "requests": backlog * bridges, **figures(counters, names)}


def line(result):
    calls = "/".join(map(str, result["calls"]))
    uses = f"{result['used']:.1%} ({result['least']:.1%}-{result['most']:.1%})"
    return (f"{result['kind']:<9}{result['bridges']:>7}{result['windows']:>9}  {uses:>24}{result['refused']:>8.2%}"
            f"{result['refused_overall']:>10.2%}{result['spread']:>8.1%}  {calls}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", default="window,sliding,bucket")
    parser.add_argument("--bridges", default="1,2,5", help="numbers of bridges")
    parser.add_argument("--rate-limit", default="300/4s", help="the quota, as simulate-api takes it")
    parser.add_argument("--windows", type=int, default=5, help="the backlog, in calls that a window permits")
    parser.add_argument("--latency", default="20ms")
    parser.add_argument("--binary", default=".build/release/integration-bridge")
    parser.add_argument("--json", help="where to put the figures")
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="integration-bridge-quota-")
    kafka, results = None, []
    try:
        kafka = Kafka(folder)
        print(f"{'kind':<9}{'bridges':>7}{'windows':>9}  {'used, mean (each)':>24}{'429s':>8}{'overall':>10}{'spread':>8}  calls")
        for kind in arguments.kinds.split(","):
            for bridges in map(int, arguments.bridges.split(",")):
                results.append(measure(arguments, kafka, folder, kind, bridges))
                print(line(results[-1]), flush=True)
    finally:
        if kafka:
            kafka.stop()
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(results, file, indent=2)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
