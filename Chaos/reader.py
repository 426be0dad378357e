"""Reads topics from their start to their end, as a client that sees only what is committed."""

import json
import time
from collections.abc import Iterator

from confluent_kafka import Consumer, KafkaError, Message, TopicPartition

from verdict import Result
from workload import NUMBER_HEADER

TYPE = "integration-bridge.integration.{}.v1"


def read(servers: str, topic: str, partitions: int, timeout: float) -> Iterator[Message]:
    """All records of a topic, of each partition in the order of its log."""
    common = {"bootstrap.servers": servers, "group.id": "chaos-reader", "enable.auto.commit": False}
    places = [TopicPartition(topic, partition, 0) for partition in range(partitions)]
    # Ends of the log itself: what lies behind an open transaction is waited for.
    scout = Consumer({**common, "isolation.level": "read_uncommitted"})
    left = {place.partition: scout.get_watermark_offsets(place, timeout=30)[1] for place in places}
    scout.close()
    consumer = Consumer({
        **common, "isolation.level": "read_committed", "enable.partition.eof": True, "auto.offset.reset": "error", "check.crcs": True,
    })
    consumer.assign(places)
    deadline = time.monotonic() + timeout
    try:
        while left:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{topic} is not read to its end within {timeout:.0f} s: an open transaction in partitions {sorted(left)}?")
            for message in consumer.consume(2000, 1):
                error = message.error()
                if error is None:
                    yield message
                elif error.code() != KafkaError._PARTITION_EOF:
                    raise RuntimeError(f"{topic}: {error}")
                elif message.offset() >= left.get(message.partition(), 0):
                    left.pop(message.partition(), None)
    finally:
        consumer.close()


def number_of(message: Message) -> int | None:
    values = [value for name, value in message.headers() or [] if name == NUMBER_HEADER]
    return int(values[0]) if len(values) == 1 else None


def result_of(message: Message, requests: str, integrations: str) -> Result:
    headers = dict(message.headers() or [])
    identity = headers.get("ce_id", b"").decode()
    named = identity.removeprefix(requests + "-").split("-")
    request = (int(named[0]), int(named[1])) if identity.startswith(requests + "-") and len(named) == 2 else None
    try:
        document = json.loads(message.value() or b"")
        lookup = document["lookup"]
        problem = _problem(message, headers, document, (requests, *(request or ())), message.topic() == integrations)
        details = (lookup.get("integration_id"), lookup.get("reason"), lookup["request"].get("value"))
    except (ValueError, LookupError, TypeError) as error:
        problem, details = f"the value cannot be read ({error!r}): {message.value()!r}", (None, None, None)
    return Result(message.topic(), message.partition(), message.offset(), request, message.key(), number_of(message), *details, problem)


def _problem(message: Message, headers: dict[str, bytes], document: dict, named: tuple, resolved: bool) -> str | None:
    """What contradicts itself in a result."""
    lookup = document["lookup"]
    of = lookup["request"]
    outcome = "resolved" if resolved else "failed"
    for name, found, expected in (
        ("lookup.request", (of["topic"], of["partition"], of["offset"]), named),
        ("lookup.request.timestamp", of["timestamp"], message.timestamp()[1]),
        ("outcome", lookup["outcome"], outcome),
        ("ce_type", headers.get("ce_type", b"").decode(), TYPE.format(outcome)),
        ("ce_subject", headers.get("ce_subject", b"").decode() or None, lookup.get("integration_id")),
        ("document", document.get("id") if resolved else None, lookup.get("integration_id") if resolved else None),
    ):
        if found != expected:
            return f"{name} is {found!r}, not {expected!r}"
    return None
