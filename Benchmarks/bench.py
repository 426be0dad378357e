#!/usr/bin/env python3
"""Measures the built bridge against a real Kafka and nginx as the API: CPU, rate and memory of its process.

    KAFKA_HOME=... Benchmarks/bench.py [--cached N] [--uncached N] [--rounds N] [--binary PATH] [--json FILE]

KAFKA_HOME is a folder with a script `kafka` (`kafka start DIR` prints bootstrap servers); KAFKA_BOOTSTRAP_SERVERS names a
cluster that runs. A figure counts only where every request has exactly one result of the right kind, which is checked.
"""

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

PARTITIONS = 4
NGINX = """
worker_processes 1; daemon off; error_log stderr crit; pid {dir}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 300s;
  client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/fastcgi;
  uwsgi_temp_path {dir}/uwsgi; scgi_temp_path {dir}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location ~ ^/notifications/v1/integrations/(?<id>[A-Za-z0-9._-]+)$ {{
      default_type application/json;
      add_header X-Request-Id $request_id;
      return 200 '{document}';
    }}
    location / {{ default_type application/json; return 200 '{{"data":[],"metadata":{{}}}}'; }}
  }}
}}
"""
DOCUMENT = json.dumps(
    {
        "api_version": "notifications/v1", "kind": "Integration", "id": "$id",
        "metadata": {
            "self": "https://api.example.com/notifications/v1/integrations/$id",
            "resource_name": "crn://example.com/organization=9bb441c4-edef-46ac-8a41-c49e44a3fd9a/integration=$id",
            "created_at": "2026-01-02T15:04:05.000000Z", "updated_at": "2026-01-02T15:04:05.000000Z",
        },
        "display_name": "Operations channel", "description": "Where alerts of the payments platform go",
        "target": {"kind": "UserEmail", "user": {
            "id": "u-a83k9b", "related": "https://api.example.com/iam/v2/users/u-a83k9b",
            "resource_name": "crn://example.com/organization=9bb441c4-edef-46ac-8a41-c49e44a3fd9a/user=u-a83k9b"}},
    }
)


def free_port():
    import socket
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Kafka:
    """The cluster that is given, or one that is started for the run."""

    def __init__(self, folder):
        self.script = None
        self.servers = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
        if not self.servers:
            home = os.environ.get("KAFKA_HOME")
            if not home:
                sys.exit("bench: set KAFKA_HOME or KAFKA_BOOTSTRAP_SERVERS")
            self.script, self.folder = os.path.join(home, "kafka"), os.path.join(folder, "kafka")
            out = subprocess.run([self.script, "start", self.folder, "--heap", "1g"], check=True, stdout=subprocess.PIPE, text=True)
            self.servers = out.stdout.strip()
        self.admin = AdminClient({"bootstrap.servers": self.servers})

    def create(self, *topics):
        for future in self.admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in topics]).values():
            future.result(30)

    def delete(self, *topics):
        for future in self.admin.delete_topics(list(topics)).values():
            future.result(30)

    def stop(self):
        if self.script:
            subprocess.run([self.script, "kill", self.folder], check=False)


def fill(servers, topic, count, ids):
    producer = Producer({"bootstrap.servers": servers, "linger.ms": 20, "compression.type": "lz4",
                         "queue.buffering.max.messages": 200000})
    for number in range(count):
        value = '{"integration_id":"int-%07d","requested_by":"bench"}' % (number % ids)
        while True:
            try:
                producer.produce(topic, value=value, key=b"k%07d" % number, partition=number % PARTITIONS)
                break
            except BufferError:
                producer.poll(0.05)
        if number % 1000 == 0:
            producer.poll(0)
    producer.flush(120)


def end_offsets(consumer, topic):
    return [consumer.get_watermark_offsets(TopicPartition(topic, p), timeout=10)[1] for p in range(PARTITIONS)]


def verify(servers, topic, count, ids):
    """Every request has one resolved record that names it, and the document that was asked for."""
    consumer = Consumer({"bootstrap.servers": servers, "group.id": str(uuid.uuid4()), "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, p, 0) for p in range(PARTITIONS)])
    seen, deadline = set(), time.time() + 300
    total = 0
    while total < count and time.time() < deadline:
        for message in consumer.consume(5000, 5):
            total += 1
            lookup = json.loads(message.value())
            request = lookup["lookup"]["request"]
            asked = request["value"]["integration_id"]
            assert lookup["id"] == asked == lookup["lookup"]["integration_id"], message.value()
            seen.add((request["partition"], request["offset"]))
    ends = sum(end_offsets(consumer, topic))
    consumer.close()
    assert total == count == len(seen) == ends, f"{count} requests, {total} results, {len(seen)} distinct, {ends} in the topic"


def peak_rss_kib(pid):
    """Of the process itself: getrusage's figure includes what this process took when it forked."""
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(r"VmHWM:\s+(\d+) kB", file.read()).group(1))


def run_bridge(binary, servers, folder, port, topics, count, extra):
    environment = dict(os.environ)
    settings = {
        "KAFKA_BOOTSTRAP_SERVERS": servers, "REQUESTS_TOPICS": topics[0], "REQUESTS_GROUP_ID": "bench-" + topics[0],
        "INTEGRATIONS_TOPIC": topics[1], "FAILURES_TOPIC": topics[2], "API_BASE_URL": f"http://127.0.0.1:{port}",
        "API_AUTH": "none", **extra,
    }
    environment.update({"INTEGRATION_BRIDGE_" + key: value for key, value in settings.items()})
    empty = os.path.join(folder, "empty.yaml")
    open(empty, "w").close()
    watcher = Consumer({"bootstrap.servers": servers, "group.id": "watch"})
    log = open(os.path.join(folder, "bridge.log"), "ab")
    start = time.monotonic()
    process = subprocess.Popen([binary, "run", "--config", empty], env=environment, stderr=log, stdout=log)
    first = None
    done = 0
    while done < count:
        time.sleep(0.05)
        if process.poll() is not None:
            sys.exit(f"bench: the bridge ended with {process.returncode}; see {log.name}")
        done = sum(end_offsets(watcher, topics[1])) + sum(end_offsets(watcher, topics[2]))
        if first is None and done:
            first = time.monotonic()
    end = time.monotonic()
    peak = peak_rss_kib(process.pid)
    process.send_signal(signal.SIGTERM)
    _, status, usage = os.wait4(process.pid, 0)
    watcher.close()
    assert os.waitstatus_to_exitcode(status) == 0, f"the bridge ended with {os.waitstatus_to_exitcode(status)}"
    return {
        "cpu_seconds_per_100k": (usage.ru_utime + usage.ru_stime) * 100000 / count,
        "records_per_second": count / (end - (first or start)),
        "peak_rss_mib": peak / 1024,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cached", type=int, default=1000000, help="requests over 2,000 ids (0: not measured)")
    parser.add_argument("--uncached", type=int, default=100000, help="requests, each of its own id (0: not measured)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--binary", default=".build/release/integration-bridge")
    parser.add_argument("--json", help="where to put the figures")
    arguments = parser.parse_args()
    if not shutil.which("nginx") and not os.path.exists("/usr/sbin/nginx"):
        sys.exit("bench: nginx is missing (Debian: nginx-light)")
    folder = tempfile.mkdtemp(prefix="integration-bridge-bench-")
    kafka, nginx, figures = None, None, {}
    try:
        kafka = Kafka(folder)
        port = free_port()
        with open(os.path.join(folder, "nginx.conf"), "w") as file:
            file.write(NGINX.format(dir=folder, port=port, document=DOCUMENT))
        nginx = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", os.path.join(folder, "nginx.conf"), "-p", folder])
        for name, count, ids in (("cached", arguments.cached, 2000), ("uncached", arguments.uncached, arguments.uncached)):
            if not count:
                continue
            requests = f"{name}-{uuid.uuid4().hex[:8]}"
            kafka.create(requests)
            fill(kafka.servers, requests, count, ids)
            for round in range(arguments.rounds):
                topics = [requests, f"{requests}-out-{round}", f"{requests}-failed-{round}"]
                kafka.create(*topics[1:])
                extra = {"REQUESTS_GROUP_ID": f"bench-{requests}-{round}"}
                result = run_bridge(arguments.binary, kafka.servers, folder, port, topics, count, extra)
                verify(kafka.servers, topics[1], count, ids)
                figures.setdefault(name, []).append(result)
                print(name, round + 1, {key: round_(value) for key, value in result.items()}, file=sys.stderr, flush=True)
                kafka.delete(*topics[1:])
            kafka.delete(requests)
    finally:
        if nginx:
            nginx.terminate()
        if kafka:
            kafka.stop()
    print(f"{'path':<10}{'CPU s / 100,000':>24}{'records / s':>26}{'peak RSS MiB':>22}")
    for name, rounds in figures.items():
        columns = [[result[key] for result in rounds] for key in ("cpu_seconds_per_100k", "records_per_second", "peak_rss_mib")]
        text = [f"{round_(statistics.median(c))} ({round_(min(c))}-{round_(max(c))})" for c in columns]
        print(f"{name:<10}{text[0]:>24}{text[1]:>26}{text[2]:>22}")
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(figures, file, indent=2)
    shutil.rmtree(folder, ignore_errors=True)


def round_(value):
    return round(value, 3) if value < 10 else round(value, 1) if value < 1000 else round(value)


if __name__ == "__main__":
    main()
