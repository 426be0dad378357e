"""Counts what was lost, doubled, out of order or wrong. Knows nothing of Kafka: it is told of each record that was read."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from workload import Request

EXAMPLES = 5


@dataclass(frozen=True)
class Result:
    """A record of an output topic. `problem` says what is wrong with it in itself."""

    topic: str
    partition: int
    offset: int
    request: tuple[int, int] | None
    """The partition and offset of the request that it names."""
    key: bytes | None
    number: int | None
    """The number in the request's own header, which comes back."""
    integration_id: str | None
    reason: str | None
    value: object
    problem: str | None


@dataclass
class Verdict:
    guarantee: str
    order: str
    requests: int
    results: int
    lost: int
    duplicate: int
    out_of_order: int
    wrong: int
    examples: dict[str, list[str]] = field(default_factory=dict)

    @property
    def passes(self) -> bool:
        kept = self.lost == 0 and self.wrong == 0
        if self.guarantee == "exactlyOnce":
            return kept and self.duplicate == 0 and self.out_of_order == 0
        return kept and (self.order != "partition" or self.out_of_order == 0)

    def document(self) -> dict[str, object]:
        return {**asdict(self), "duplicate_ratio": self.duplicate / max(1, self.requests), "passes": self.passes}


class Judge:
    """Hears all requests first, then the results of each output partition in the order of its log."""

    def __init__(self, guarantee: str, order: str, request_of: Callable[[int], Request]) -> None:
        self.guarantee, self.order, self.request_of = guarantee, order, request_of
        self.numbers: dict[tuple[int, int], int] = {}
        self.seen: Counter[tuple[int, int]] = Counter()
        self.latest: dict[tuple[int, str, int], int] = {}
        self.results = self.out_of_order = self.wrong = 0
        self.examples: dict[str, list[str]] = {}

    def hear_request(self, partition: int, offset: int, number: int) -> None:
        self.numbers[partition, offset] = number

    def hear_result(self, result: Result) -> None:
        self.results += 1
        number = self.numbers.get(result.request) if result.request else None
        if result.request is None or number is None:
            self._wrong(result, result.problem or "names no request that there is")
            return
        self._check_order(result, result.request)
        self.seen[result.request] += 1
        if self.seen[result.request] > 1:
            self._note("duplicate", f"{_place(result)} is result {self.seen[result.request]} of {_name(result.request)}")
        problem = result.problem or self._difference(result, number)
        if problem:
            self._wrong(result, problem)

    def finish(self) -> Verdict:
        lost = [request for request in self.numbers if request not in self.seen]
        for request in lost:
            self._note("lost", f"{_name(request)}, number {self.numbers[request]}")
        return Verdict(
            self.guarantee, self.order, len(self.numbers), self.results, len(lost),
            sum(count - 1 for count in self.seen.values()), self.out_of_order, self.wrong, self.examples,
        )

    def _check_order(self, result: Result, request: tuple[int, int]) -> None:
        """A repetition is no disorder with at least once: there the first results of requests must come in order."""
        partition, offset = request
        stream = (partition, result.topic, result.partition)
        if self.guarantee != "exactlyOnce" and request in self.seen:
            return
        latest = self.latest.get(stream, -1)
        if offset < latest:
            self.out_of_order += 1
            self._note("out_of_order", f"{_place(result)} is of {_name(request)} and comes after that of offset {latest}")
        self.latest[stream] = max(latest, offset)

    def _difference(self, result: Result, number: int) -> str | None:
        request = self.request_of(number)
        for name, found, expected in (
            ("number", result.number, number),
            ("key", result.key, request.result_key),
            ("integration_id", result.integration_id, request.integration_id),
            ("reason", result.reason, request.reason),
            ("value", result.value, request.echoed_value),
        ):
            if found != expected:
                return f"{name} is {found!r}, not {expected!r}"
        return None

    def _wrong(self, result: Result, problem: str) -> None:
        self.wrong += 1
        self._note("wrong", f"{_place(result)}: {problem}")

    def _note(self, kind: str, text: str) -> None:
        examples = self.examples.setdefault(kind, [])
        if len(examples) < EXAMPLES:
            examples.append(text)


def _place(result: Result) -> str:
    return f"{result.topic}-{result.partition}-{result.offset}"


def _name(request: tuple[int, int]) -> str:
    return f"request {request[0]}-{request[1]}"
