"""One run of one program: what it cost, how fast it was, and whether its results are complete and right."""

import dataclasses
import json
import os
import re
import signal
import subprocess
import time

from kafka import Commits

LIMIT_SECONDS = 300


class RunFailed(Exception):
    """A run that does not count: the program ended, or results are missing or wrong."""


@dataclasses.dataclass
class Job:
    """What a program is to do: requests from one topic to results in others."""

    requests: str
    count: int
    api: str | None = None
    documents: str | None = None
    failure: str | None = None
    integrations: str = ""
    failures: str = ""
    group: str = ""


def resident_peak_kib(pid):
    """Of the process itself: getrusage's figure includes what this process took when it forked."""
    with open(f"/proc/{pid}/status") as file:
        match = re.search(r"VmHWM:\s+(\d+) kB", file.read())
        return int(match.group(1)) if match else 0


class Run:
    """A program at work; `end` gives its figures."""

    def __init__(self, bench, contestant, job):
        self.bench, self.contestant, self.job = bench, contestant, job
        command, environment = contestant.command(bench, job)
        self.log = open(os.path.join(bench.folder, f"{contestant.name}.log"), "a+")
        self.process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=self.log, stderr=self.log)
        self.peak_kib = 0
        self.usage = None
        bench.runs.append(self)

    def is_alive(self):
        if self.usage is None:
            try:
                self.peak_kib = max(self.peak_kib, resident_peak_kib(self.process.pid))
            except OSError:
                pass
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                self.usage, self.process.returncode = usage, os.waitstatus_to_exitcode(status)
        return self.usage is None

    def kill(self):
        if self.is_alive():
            self.process.kill()
            self.process.wait()

    def fail(self, why):
        self.kill()
        self.log.seek(max(0, self.log.tell() - 2000))
        raise RunFailed(f"{self.contestant.name}: {why}\n{self.log.read()}")

    def wait_until(self, condition, what, interval=0.05):
        """Until it is true; the program must go on, or have ended well."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while not condition():
            if not self.is_alive() and (self.process.returncode or not condition()):
                self.fail(f"it ended with {self.process.returncode} before {what}")
            if time.monotonic() > deadline:
                self.fail(f"{what}: not within {LIMIT_SECONDS} s")
            time.sleep(interval)

    def end(self):
        """Ends the program if it does not do so by itself, once all is committed."""
        commits = Commits(self.bench.kafka, self.job.group, self.job.requests)
        try:
            self.wait_until(lambda: commits.count() == self.job.count, "all was committed")
        finally:
            commits.close()
        if self.contestant.ends_by_signal:
            self.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 60
        while self.is_alive():
            if time.monotonic() > deadline:
                self.fail("it did not end")
            time.sleep(0.01)
        if self.process.returncode:
            self.fail(f"it ended with {self.process.returncode}")
        self.log.close()
        usage, count = self.usage, self.job.count
        return {"cpu_per_100k": (usage.ru_utime + usage.ru_stime) * 100_000 / count, "kernel_per_100k": usage.ru_stime * 100_000 / count,
                "switches_per_100k": (usage.ru_nvcsw + usage.ru_nivcsw) * 100_000 / count, "peak_rss_mib": self.peak_kib / 1024}


def measure(bench, contestant, job, topic):
    """Runs a program over a backlog until its results are in `topic`."""
    run = Run(bench, contestant, job)
    progress = []

    def all_there():
        done, now = bench.kafka.length(topic), time.monotonic()
        if done and (not progress or done != progress[-1][1]):
            progress.append((now, done))
        return done >= job.count

    run.wait_until(all_there, "all results were there")
    figures = run.end()
    (start, some), (end, most) = progress[0], progress[-1]
    figures["records_per_second"] = (most - some) / (end - start) if end > start and most - some > job.count / 3 else None
    return figures


def verify(bench, job, topic_option, topic, hashes):
    """Every request has a result that is valid and its own; writes a hash of each. Gives how many came twice."""
    command = [bench.peer("read-results"), "--servers", bench.kafka.servers, topic_option, topic,
               "--count", str(job.count), "--hashes", hashes]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode:
        raise RunFailed(f"{topic}: {result.stderr.strip()}")
    counts = json.loads(result.stdout)
    if counts["requests_with_result"] != job.count:
        raise RunFailed(f"{topic}: {job.count - counts['requests_with_result']} of {job.count} requests have no result")
    return counts["repeated"]


def compare(first, second):
    """Both programs made the same of every request."""
    with open(first, "rb") as a, open(second, "rb") as b:
        left, right = a.read(), b.read()
    if left == right:
        return
    rows = len(left) // 8
    differing = [i for i in range(rows) if left[8 * i:8 * i + 8] != right[8 * i:8 * i + 8]]
    raise RunFailed(f"{len(differing)} of {rows} results differ, that of request {differing[0]} (by partition and offset) first")
