"""The bridges' processes, and who restarts one that ends by itself, as an orchestrator would."""

import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from diary import Diary

GRACE = 10
"""Seconds of `shutdown.gracePeriod`."""
SESSION = 6
"""Seconds after which a silent bridge is out of its group."""
TRANSACTION = 11
"""Seconds after which the coordinator aborts a transaction."""
RESTART_AFTER = 0.5
ACCEPTED_EXITS = (69, 70)
"""A service that it needs is away; it cannot go on, for one because another took its place. Both call for a new start."""
REFUSALS = (64, 78)
"""Of its arguments, of its configuration: no new start helps."""


@dataclass(frozen=True)
class Settings:
    servers: str
    api: str
    key: str
    secret: str
    guarantee: str
    order: str
    group: str
    requests: str
    integrations: str
    failures: str

    def yaml(self, bridge: str) -> str:
        """Short timeouts, so that a cycle is short; attempts enough that no outage of the API ends in a Failure."""
        return f"""\
kafka:
  bootstrapServers: [{self.servers}]
  properties: [reconnect.backoff.max.ms=1000]
  consumerProperties: [session.timeout.ms={SESSION * 1000}, heartbeat.interval.ms=1000]
requests:
  topics: [{self.requests}]
  groupId: {self.group}
integrations:
  topic: {self.integrations}
failures:
  topic: {self.failures}
api:
  baseUrl: {self.api}
  key: {self.key}
  secret: {self.secret}
  timeout: 3s
lookup:
  maxInFlight: 16
  maxAttempts: 1000
  retryFor: 1h
  backoff:
    initial: 50ms
    max: 1s
breaker:
  openFor: 1s
cache:
  ttl: 5s
  negativeTtl: 2s
delivery:
  guarantee: {self.guarantee}
  order: {self.order}
  transactionalId: chaos-{bridge}
shutdown:
  gracePeriod: {GRACE}s
log:
  level: debug
"""


@dataclass
class Bridge:
    """A place for one bridge, with its own configuration and so its own transactional id."""

    name: str
    command: list[str]
    folder: Path
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    frozen: bool = False
    restart_at: float = 0

    @property
    def runs(self) -> bool:
        return self.process is not None

    @property
    def log(self) -> Path:
        return self.folder / f"bridge-{self.name}-{self.starts:03}.log"

    def start(self) -> None:
        self.starts += 1
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def send(self, number: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(number)

    def reap(self) -> int | None:
        """The exit code, once, where it has ended; negative for a signal."""
        code = self.process.poll() if self.process else None
        if code is not None:
            self.process = None
            self.frozen = False
        return code


@dataclass
class Fleet:
    diary: Diary
    bridges: list[Bridge]
    exits: Counter[str] = field(default_factory=Counter)
    """How bridges ended: what was done to them, and their exit code."""
    violations: list[str] = field(default_factory=list)
    slowest_stop: float = 0

    @classmethod
    def make(cls, diary: Diary, binary: Path, folder: Path, settings: Settings, count: int) -> "Fleet":
        bridges = []
        for name in "abc"[:count]:
            file = folder / f"bridge-{name}.yaml"
            file.write_text(settings.yaml(name))
            bridges.append(Bridge(name, [str(binary), "run", "--config", str(file)], folder))
        return cls(diary, bridges)

    def running(self) -> list[Bridge]:
        return [bridge for bridge in self.bridges if bridge.runs or bridge.restart_at]

    def idle(self) -> list[Bridge]:
        return [bridge for bridge in self.bridges if not bridge.runs and not bridge.restart_at]

    def supervise(self) -> None:
        """Counts bridges that ended by themselves, and starts them again."""
        now = time.monotonic()
        for bridge in self.bridges:
            code = bridge.reap()
            if code is not None:
                self._count(bridge, "by itself", code)
                if code in REFUSALS:
                    raise RuntimeError(f"bridge {bridge.name} does not start: {bridge.log.read_text(errors='replace')}")
                if code not in ACCEPTED_EXITS:
                    self._violation(f"bridge {bridge.name} ended by itself with {code}; see {bridge.log.name}")
                bridge.restart_at = now + RESTART_AFTER
            elif bridge.restart_at and now >= bridge.restart_at:
                bridge.restart_at = 0
                bridge.start()

    def start(self, bridge: Bridge) -> None:
        bridge.restart_at = 0
        bridge.start()

    def kill(self, bridge: Bridge) -> None:
        bridge.restart_at = 0
        if bridge.process:
            bridge.send(signal.SIGKILL)
            bridge.process.wait()
            self._count(bridge, "SIGKILL", bridge.reap() or 0)

    def stop(self, bridge: Bridge, must_succeed: bool = True) -> None:
        """SIGTERM, and the wait for its end, which must be orderly and within the grace period."""
        bridge.restart_at = 0
        if not bridge.process:
            return
        start = time.monotonic()
        bridge.send(signal.SIGTERM)
        try:
            code = bridge.process.wait(GRACE + 7)
        except subprocess.TimeoutExpired:
            self._violation(f"bridge {bridge.name} did not end within {GRACE + 7} s of SIGTERM; see {bridge.log.name}")
            self.kill(bridge)
            return
        took = time.monotonic() - start
        bridge.reap()
        self._count(bridge, "SIGTERM", code)
        self.slowest_stop = max(self.slowest_stop, took)
        if must_succeed and (code != 0 or took > GRACE + 1):
            self._violation(f"bridge {bridge.name} ended with {code}, {took:.1f} s after SIGTERM; see {bridge.log.name}")

    def freeze(self, bridge: Bridge) -> None:
        bridge.frozen = True
        bridge.send(signal.SIGSTOP)

    def thaw(self, bridge: Bridge) -> None:
        bridge.frozen = False
        bridge.send(signal.SIGCONT)

    def end(self) -> None:
        for bridge in self.bridges:
            if bridge.process:
                bridge.process.kill()
                bridge.process.wait()

    def _count(self, bridge: Bridge, cause: str, code: int) -> None:
        self.exits[f"{cause}: {code}"] += 1
        self.diary.note(f"bridge {bridge.name} ended ({cause}): {code}")

    def _violation(self, text: str) -> None:
        self.violations.append(text)
        self.diary.note("VIOLATION: " + text)
