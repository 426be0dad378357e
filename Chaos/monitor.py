"""Watches the group's committed offsets, which may never go back."""

import threading
import time

from cluster import Offsets
from diary import Diary


class Monitor:
    def __init__(self, diary: Diary, offsets: Offsets) -> None:
        self.diary, self.offsets = diary, offsets
        self.committed = [0] * len(offsets.partitions)
        self.moved_at = time.monotonic()
        self.violations: list[str] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="monitor", daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join(10)
        self.offsets.close()

    def _run(self) -> None:
        while not self._ended.wait(0.2):
            committed = self.offsets.committed(timeout=2)
            if committed is None or committed == self.committed:
                continue
            for partition, (before, now) in enumerate(zip(self.committed, committed)):
                if now < before:
                    self.violations.append(f"the committed offset of partition {partition} went from {before} back to {now}")
                    self.diary.note("VIOLATION: " + self.violations[-1])
            self.committed = committed
            self.moved_at = time.monotonic()
