"""The simulated API, which can fail, be slow, limit the rate or refuse the credentials."""

import socket
import subprocess
import time
from pathlib import Path

KEY, SECRET = "chaos", "a-secret"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class API:
    def __init__(self, binary: Path, folder: Path) -> None:
        self.binary, self.log, self.port = binary, folder / "api.log", free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *options: str, secret: str = SECRET) -> None:
        """Starts it anew; returns when it listens."""
        self.stop()
        command = [str(self.binary), "simulate-api", "--port", str(self.port), "--credentials", f"{KEY}:{secret}", *options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while not self._listens():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the simulated API does not start; see {self.log}")
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _listens(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0
