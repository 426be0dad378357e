"""That each kind of damage is found, and nothing else is."""

import dataclasses
import unittest
from typing import Any

from verdict import Judge, Result, Verdict
from workload import Request, Workload

WORKLOAD = Workload(seed=1, stride=3)
PARTITIONS = 3
COUNT = 300


def requests() -> list[tuple[int, int, int]]:
    return [(number % PARTITIONS, number // PARTITIONS, number) for number in range(COUNT)]


def result_of(partition: int, offset: int, number: int, place: int) -> Result:
    request = WORKLOAD.request(number)
    return Result(
        "failures" if request.reason else "integrations", 0, place, (partition, offset), request.result_key, number,
        request.integration_id, request.reason, request.echoed_value, None,
    )


def results() -> list[Result]:
    return [result_of(*request, place) for place, request in enumerate(requests())]


def judge(results: list[Result], guarantee: str = "exactlyOnce", order: str = "partition") -> Verdict:
    judge = Judge(guarantee, order, WORKLOAD.request)
    for request in requests():
        judge.hear_request(*request)
    for result in results:
        judge.hear_result(result)
    return judge.finish()


def counts(verdict: Verdict) -> tuple[int, int, int, int]:
    return verdict.lost, verdict.duplicate, verdict.out_of_order, verdict.wrong


def same_stream(results: list[Result], stream: str = "integrations") -> tuple[int, int]:
    """Where two results of one input partition lie that go to one output partition, next to each other there."""
    of_stream = [i for i, r in enumerate(results) if r.topic == stream and r.request and r.request[0] == 0]
    return of_stream[10], of_stream[11]


class VerdictTests(unittest.TestCase):
    def test_a_whole_log_passes(self) -> None:
        for guarantee, order in (("exactlyOnce", "partition"), ("atLeastOnce", "unordered"), ("atLeastOnce", "partition")):
            verdict = judge(results(), guarantee, order)
            self.assertEqual(counts(verdict), (0, 0, 0, 0))
            self.assertTrue(verdict.passes)

    def test_a_lost_request_is_found_with_any_guarantee(self) -> None:
        for guarantee in ("exactlyOnce", "atLeastOnce"):
            log = results()
            del log[17]
            verdict = judge(log, guarantee)
            self.assertEqual(counts(verdict), (1, 0, 0, 0))
            self.assertEqual(verdict.examples["lost"], ["request 2-5, number 17"])
            self.assertFalse(verdict.passes)

    def test_a_repetition_fails_exactly_once_and_is_counted_with_at_least_once(self) -> None:
        log = results()
        log.insert(51, log[50])
        self.assertEqual(counts(judge(log)), (0, 1, 0, 0))
        self.assertFalse(judge(log).passes)
        self.assertEqual(counts(judge(log, "atLeastOnce")), (0, 1, 0, 0))
        self.assertTrue(judge(log, "atLeastOnce").passes)

    def test_a_repeated_range_is_no_disorder_with_at_least_once(self) -> None:
        log = results()
        log[200:200] = log[100:200]
        verdict = judge(log, "atLeastOnce", "partition")
        self.assertEqual(counts(verdict), (0, 100, 0, 0))
        self.assertTrue(verdict.passes)
        self.assertGreater(judge(log).out_of_order, 0)

    def test_disorder_within_a_stream_is_found(self) -> None:
        log = results()
        first, second = same_stream(log)
        log[first], log[second] = log[second], log[first]
        self.assertEqual(counts(judge(log)), (0, 0, 1, 0))
        self.assertFalse(judge(log).passes)
        self.assertFalse(judge(log, "atLeastOnce", "partition").passes)
        self.assertTrue(judge(log, "atLeastOnce", "unordered").passes)

    def test_streams_of_different_partitions_and_topics_may_overtake_each_other(self) -> None:
        log = sorted(results(), key=lambda result: (result.topic, result.request and result.request[0]))
        self.assertTrue(judge(log).passes)

    def test_what_differs_from_the_request_is_wrong(self) -> None:
        changes: list[dict[str, Any]] = [
            {"key": b"another"}, {"number": 1}, {"integration_id": "another"}, {"reason": "timeout"}, {"value": {}},
            {"problem": "no JSON"},
        ]
        for change in changes:
            log = results()
            log[8] = dataclasses.replace(log[8], **change)
            self.assertEqual(counts(judge(log)), (0, 0, 0, 1), change)
            self.assertFalse(judge(log, "atLeastOnce").passes)

    def test_a_result_of_no_request_is_wrong(self) -> None:
        for request in ((0, COUNT), None):
            log = results()
            log.append(dataclasses.replace(log[0], request=request))
            self.assertEqual(counts(judge(log)), (0, 0, 0, 1))
            self.assertFalse(judge(log).passes)


class WorkloadTests(unittest.TestCase):
    def test_both_kinds_of_results_come_of_it(self) -> None:
        made: list[Request] = [WORKLOAD.request(number) for number in range(2000)]
        reasons = {request.reason for request in made}
        self.assertEqual(reasons, {None, "not_found", "bad_request", "invalid_request"})
        failed = sum(request.reason is not None for request in made) / len(made)
        self.assertTrue(0.05 < failed < 0.2, failed)
        ids = [request.integration_id for request in made if request.integration_id]
        self.assertLess(len(set(ids)), len(ids))

    def test_it_is_the_same_again(self) -> None:
        self.assertEqual([Workload(5, 2).request(n) for n in range(50)], [Workload(5, 2).request(n) for n in range(50)])


if __name__ == "__main__":
    unittest.main()
