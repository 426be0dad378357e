"""Puts the backlog on the requests topic bit by bit, so that there is work whenever something breaks."""

import random
import threading
import time

from confluent_kafka import KafkaError, Message, Producer

from workload import NUMBER_HEADER, Workload


class Feeder:
    def __init__(self, servers: str, topic: str, workload: Workload, count: int, seed: int) -> None:
        self.topic, self.workload, self.count = topic, workload, count
        self.random = random.Random(seed)
        self.producer = Producer({
            "bootstrap.servers": servers, "enable.idempotence": True, "message.timeout.ms": 0, "linger.ms": 5,
            "compression.type": "lz4", "queue.buffering.max.messages": 100_000, "reconnect.backoff.max.ms": 1000, "log_level": 0,
        })
        self.sent = 0
        self.acknowledged = 0
        self.failure: str | None = None
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._rate = 100.0
        self._due = 0
        self._thread = threading.Thread(target=self._run, name="feeder", daemon=True)
        self._thread.start()

    def pace(self, rate: float) -> None:
        """Records a second from now on, in bursts."""
        with self._lock:
            self._rate = max(1.0, rate)

    def burst(self, count: int) -> None:
        """So many at once, beside the pace."""
        with self._lock:
            self._due += count

    def finish(self, timeout: float) -> None:
        """Sends the rest at once, and waits until the brokers have it all."""
        self.burst(self.count)
        self._thread.join(timeout)
        left = self.producer.flush(timeout)
        if self.failure or left or self.acknowledged != self.count:
            raise RuntimeError(f"the feeder got {self.acknowledged} of {self.count} records acknowledged: {self.failure}")

    def end(self) -> None:
        self._ended.set()
        self._thread.join(10)

    def _run(self) -> None:
        paced_at = time.monotonic()
        while self.sent < self.count and not self._ended.is_set():
            now = time.monotonic()
            with self._lock:
                burst = int(self._rate * (now - paced_at))
                if burst:
                    paced_at = now
                due, self._due = self._due + burst, 0
            for _ in range(min(due, self.count - self.sent)):
                self._send()
            self.producer.poll(self.random.uniform(0.01, 0.4))

    def _send(self) -> None:
        request = self.workload.request(self.sent)
        while not self._ended.is_set():
            try:
                self.producer.produce(
                    self.topic, key=request.key, value=request.value, headers={NUMBER_HEADER: str(self.sent)},
                    on_delivery=self._delivered)
                self.sent += 1
                return
            except BufferError:
                self.producer.poll(0.1)

    def _delivered(self, error: KafkaError | None, _: Message) -> None:
        if error:
            self.failure = str(error)
        else:
            self.acknowledged += 1
