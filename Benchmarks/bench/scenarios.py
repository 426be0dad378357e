"""What is measured. Each scenario fills a topic once, then lets its contestants work on it in turns."""

import dataclasses
import json
import os
import subprocess
import sys
import uuid

import api
from contestants import Bridge, Peer
from kafka import request_id
from measure import Job, Run, RunFailed, compare, measure, verify

CACHED_IDS = 2000


def cached_value(ids):
    return lambda number: '{"integration_id":"%s","requested_by":"bench"}' % request_id(number % ids)


def bad_value(number):
    return '{"number":%d,"requested_by":"bench"}' % number


def say(text):
    print(text, file=sys.stderr, flush=True)


class Scenario:
    """Results by contestant: a list of dictionaries, one for each round."""

    def __init__(self, bench, name, rounds):
        self.bench, self.name, self.rounds = bench, f"{name}-{uuid.uuid4().hex[:6]}", rounds
        self.requests = f"{self.name}-requests"
        self.results = {}
        self.repeated = 0

    def fill(self, count, value):
        say(f"{self.name}: {count:,} requests")
        self.bench.kafka.create(self.requests)
        self.bench.kafka.fill(self.requests, count, value)

    def job(self, contestant, round, **rest):
        name = f"{self.name}-{contestant.name}-{round}"
        job = Job(requests=self.requests, integrations=f"{name}-integrations", failures=f"{name}-failures", group=name, **rest)
        self.bench.kafka.create(job.integrations, job.failures)
        return job

    def hashes(self, contestant):
        return os.path.join(self.bench.folder, f"{self.name}-{contestant.name}.hashes")

    def note(self, contestant, round, figures):
        self.results.setdefault(contestant.name, []).append(figures)
        say(f"{self.name} {round + 1}/{self.rounds} {contestant.name}: "
            + ", ".join(f"{key} {value:,.3g}" if value is not None else f"{key} -" for key, value in figures.items()))

    def backlog(self, contestant, round, output="integrations", checks=True, **rest):
        """One run over all requests, whose results are read back."""
        job = self.job(contestant, round, **rest)
        topic = getattr(job, output)
        figures = measure(self.bench, contestant, job, topic)
        if checks:
            self.repeated += verify(self.bench, job, f"--{output}", topic, self.hashes(contestant))
        self.note(contestant, round, figures)
        return job

    def drop(self, job):
        self.bench.kafka.delete(job.integrations, job.failures)

    def close(self):
        self.bench.kafka.delete(self.requests)

    def turns(self, contestants, round):
        """Another one begins each round."""
        shift = round % len(contestants)
        return contestants[shift:] + contestants[:shift]


def against_peer(bench, name, peer, count, rounds, value, **rest):
    """The bridge and a peer that does the same; both results of each request are compared."""
    scenario = Scenario(bench, name, rounds)
    contestants = [Bridge(), Peer(peer)]
    scenario.fill(count, value)
    for round in range(rounds):
        for contestant in scenario.turns(contestants, round):
            scenario.drop(scenario.backlog(contestant, round, count=count, **rest))
        compare(scenario.hashes(contestants[0]), scenario.hashes(contestants[1]))
    scenario.close()
    return {"name": name, "peer": peer, "count": count, "repeated": scenario.repeated, "results": scenario.results}


def cached(bench, options):
    documents = os.path.join(bench.folder, "documents")
    api.save_documents(bench.nginx, [request_id(number) for number in range(CACHED_IDS)], documents)
    return against_peer(bench, "cached", "peer-cached", options.cached, options.rounds, cached_value(CACHED_IDS),
                        documents=documents, api=bench.nginx.url)


def uncached(bench, options):
    return against_peer(bench, "uncached", "peer-lookup", options.uncached, options.rounds, cached_value(options.uncached),
                        api=bench.nginx.url)


def failures(bench, options):
    """Requests that name no id: beside a peer that makes the same Failure of each, and one that passes records on."""
    count, rounds = options.failures, options.rounds
    scenario = Scenario(bench, "failures", rounds)
    scenario.fill(count, bad_value)
    bridge, peer, copy = contestants = [Bridge(), Peer("peer-cached"), Peer("peer-copy")]
    failure = os.path.join(bench.folder, "failure")
    for round in range(rounds):
        # The bridge first in the first round: the peer makes the Failure that it sees there.
        for contestant in scenario.turns(contestants, round):
            job = scenario.backlog(contestant, round, "failures", contestant is not copy, count=count, failure=failure)
            if not os.path.exists(failure):
                learn_failure(bench, job.failures, failure)
            scenario.drop(job)
        compare(scenario.hashes(bridge), scenario.hashes(peer))
    scenario.close()
    return {"name": "failures", "peer": peer.name, "count": count, "repeated": scenario.repeated, "results": scenario.results}


def learn_failure(bench, topic, path):
    value, headers = bench.kafka.first_record(topic)
    with open(path, "wb") as file:
        file.write(headers["__connect.errors.exception.message"] + b"\n" + value[:value.index(b',"source":"api"')])


def latency(bench, options):
    """At an even pace, with an API that takes 5 ms: what comes on top of them. The reader is read_committed."""
    count, delay = options.latency_rate * options.latency_seconds, 5000
    contestants = [Bridge(), Bridge("bridge-exactly-once", DELIVERY_GUARANTEE="exactlyOnce"), Peer("peer-lookup")]
    results, repeated = {}, 0
    stub = api.start_stub(bench.folder, bench.peers, delay)
    try:
        for round in range(options.latency_rounds):
            scenario = Scenario(bench, "latency", options.latency_rounds)
            for contestant in scenario.turns(contestants, round):
                scenario.requests = f"{scenario.name}-{contestant.name}-{round}-requests"
                bench.kafka.create(scenario.requests)
                job = scenario.job(contestant, round, count=count, api=stub.url)
                figures = paced(bench, contestant, job, options.latency_rate)
                repeated += figures.pop("repeated")
                scenario.note(contestant, round, figures)
                results.setdefault(contestant.name, []).append(figures)
                scenario.drop(job)
                scenario.close()
    finally:
        stub.stop()
    return {"name": "latency", "peer": "peer-lookup", "count": count, "rate": options.latency_rate, "api_ms": delay / 1000,
            "repeated": repeated, "results": results}


def paced(bench, contestant, job, rate):
    run = Run(bench, contestant, job)
    run.wait_until(lambda: bench.kafka.is_assigned(job.group), "it had its partitions")
    load = subprocess.run([bench.peer("paced-load"), "--servers", bench.kafka.servers, "--requests", job.requests, "--group",
                           f"{job.group}-reader", "--integrations", job.integrations, "--count", str(job.count), "--rate", str(rate)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if load.returncode:
        run.fail(load.stderr.strip())
    figures = run.end()
    times = json.loads(load.stdout)
    return {"p50_ms": times["p50_us"] / 1000, "p99_ms": times["p99_us"] / 1000, "p999_ms": times["p999_us"] / 1000,
            "max_ms": times["max_us"] / 1000, "repeated": times["repeated"], **figures}


def flatness(bench, options):
    """The cached path over backlogs of growing size: cost per record beyond the start, and peak memory."""
    ids, start_count = 100, 1000
    bridge, sizes = Bridge(), [start_count] + options.sizes
    rows = []
    for size in sizes:
        scenario = Scenario(bench, f"flatness-{size}", options.flatness_rounds)
        scenario.fill(size, cached_value(ids))
        for round in range(options.flatness_rounds):
            scenario.drop(scenario.backlog(bridge, round, count=size, api=bench.nginx.url))
        scenario.close()
        rows.append({"count": size, "rounds": scenario.results[bridge.name]})
    return {"name": "flatness", "start_count": start_count, "sizes": rows}


def exactly_once(bench, options):
    """The price of transactions on the cached path."""
    bridge, transactional = Bridge(), Bridge("bridge-exactly-once", DELIVERY_GUARANTEE="exactlyOnce")
    if not accepts(bench, transactional):
        say("exactly-once: left out, for the bridge refuses delivery.guarantee=exactlyOnce")
        return None
    count, rounds = options.cached, options.rounds
    scenario = Scenario(bench, "exactly-once", rounds)
    scenario.fill(count, cached_value(CACHED_IDS))
    for round in range(rounds):
        for contestant in scenario.turns([bridge, transactional], round):
            scenario.drop(scenario.backlog(contestant, round, count=count, api=bench.nginx.url))
    scenario.close()
    return {"name": "exactly-once", "peer": bridge.name, "contestant": transactional.name, "count": count,
            "repeated": scenario.repeated, "results": scenario.results}


def accepts(bench, contestant):
    """A configuration that is refused ends the bridge with 78 before it connects."""
    job = Job(requests="requests", count=1, integrations="integrations", failures="failures", group="probe")
    command, environment = contestant.command(bench, job)
    environment["INTEGRATION_BRIDGE_KAFKA_BOOTSTRAP_SERVERS"] = "127.0.0.1:1"
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return process.wait(2) != 78
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True


SCENARIOS = {"cached": cached, "uncached": uncached, "failures": failures, "latency": latency, "flatness": flatness,
             "exactly-once": exactly_once}
