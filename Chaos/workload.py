"""What each request says and what must come of it, all of it from the request's number and the run's seed."""

import json
import zlib
from dataclasses import dataclass

NUMBER_HEADER = "chaos-number"


@dataclass(frozen=True)
class Request:
    key: bytes | None
    value: bytes | None
    integration_id: str | None
    """None where the request names none."""
    reason: str | None
    """Of the failure that must come of it; None where it must be resolved."""

    @property
    def result_key(self) -> bytes | None:
        if self.key is not None or self.integration_id is None:
            return self.key
        return self.integration_id.encode()

    @property
    def echoed_value(self) -> object:
        """What `lookup.request.value` must be: the request's JSON, or its text."""
        if self.value is None:
            return None
        try:
            return json.loads(self.value)
        except ValueError:
            return self.value.decode()


class Workload:
    """Most ids repeat, so that the cache answers; every `stride`th request has an id of its own, so that it takes a call."""

    def __init__(self, seed: int, stride: int) -> None:
        self.seed = seed
        self.stride = stride

    def request(self, number: int) -> Request:
        mix = zlib.crc32(b"%d/%d" % (self.seed, number))
        key = None if mix % 31 == 0 else b"k%d" % (mix % 97)
        share = mix // 97 % 100
        if share < 5:
            return self._without_id(key, number, share)
        if number % self.stride == 0:
            identifier, reason = self._called(number, mix // 9700), None
        elif share < 10:
            identifier, reason = f"fail-404-x{mix % 50}", "not_found"
        elif share < 12:
            identifier, reason = f"fail-400-x{number}", "bad_request"
        else:
            identifier, reason = f"i-{mix % 300}", None
        return Request(key, self._json(integration_id=identifier, number=number), identifier, reason)

    @staticmethod
    def _called(number: int, mix: int) -> str:
        if mix % 20 == 0:
            return f"fail-503-1-{number}"
        return f"slow-{10 + mix % 190}ms-{number}"

    def _without_id(self, key: bytes | None, number: int, kind: int) -> Request:
        values = [None, b'{"integration_id":', self._json(number=number), self._json(integration_id=""), b"no id, %d" % number]
        return Request(key, values[kind], None, "invalid_request")

    @staticmethod
    def _json(**members: object) -> bytes:
        return json.dumps(members, separators=(",", ":")).encode()
