"""What was done when: on stderr as it happens, and for the report."""

import sys
import time


class Diary:
    def __init__(self) -> None:
        self.start = time.monotonic()
        self.entries: list[tuple[float, str]] = []

    def elapsed(self) -> float:
        return time.monotonic() - self.start

    def note(self, text: str) -> None:
        elapsed = self.elapsed()
        self.entries.append((round(elapsed, 3), text))
        print(f"{elapsed:8.2f}s  {text}", file=sys.stderr, flush=True)
