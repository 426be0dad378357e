"""The Kafka cluster: topics, requests, and how far results and commits have come."""

import os
import subprocess
import time

from confluent_kafka import Consumer, ConsumerGroupState, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

PARTITIONS = 4


def request_id(number):
    return "int-%07d" % number


class Kafka:
    """The cluster that KAFKA_BOOTSTRAP_SERVERS names, or one that KAFKA_HOME's script starts for the run."""

    def __init__(self, folder):
        self.script = None
        self.servers = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
        if not self.servers:
            home = os.environ.get("KAFKA_HOME")
            if not home:
                raise SystemExit("bench: set KAFKA_HOME or KAFKA_BOOTSTRAP_SERVERS")
            self.script, self.folder = os.path.join(home, "kafka"), os.path.join(folder, "kafka")
            out = subprocess.run([self.script, "start", self.folder, "--heap", "1g"], check=True, stdout=subprocess.PIPE, text=True)
            self.servers = out.stdout.strip()
        self.admin = AdminClient({"bootstrap.servers": self.servers, "log_level": 2})
        self.watcher = self.new_watcher()

    def create(self, *topics):
        for future in self.admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in topics]).values():
            future.result(30)
        deadline = time.monotonic() + 30
        while not all(self.has_leaders(topic) for topic in topics):
            if time.monotonic() > deadline:
                raise SystemExit(f"bench: {', '.join(topics)}: no leader within 30 s")
            time.sleep(0.05)

    def has_leaders(self, topic):
        """A topic that was just made has none for a moment; a client that asks then believes so for long."""
        partitions = self.admin.list_topics(topic, 10).topics[topic].partitions
        if len(partitions) != PARTITIONS or any(partition.leader < 0 for partition in partitions.values()):
            return False
        watcher = self.new_watcher()
        try:
            self.length(topic, watcher)
            return True
        except KafkaException:
            return False
        finally:
            watcher.close()

    def new_watcher(self):
        return Consumer({"bootstrap.servers": self.servers, "group.id": "watcher", "log_level": 2})

    def delete(self, *topics):
        for future in self.admin.delete_topics(list(topics)).values():
            future.result(30)

    def fill(self, topic, count, value):
        """Writes `count` requests, spread evenly over the partitions; `value` makes each from its number."""
        producer = Producer({"bootstrap.servers": self.servers, "linger.ms": 20, "compression.type": "lz4",
                             "queue.buffering.max.messages": 200000})
        for number in range(count):
            while True:
                try:
                    producer.produce(topic, value=value(number), key=b"k%07d" % number, partition=number % PARTITIONS)
                    break
                except BufferError:
                    producer.poll(0.05)
            if number % 1000 == 0:
                producer.poll(0)
        assert producer.flush(120) == 0, "requests were not acknowledged"

    def length(self, topic, watcher=None):
        """Records in the topic, and markers of transactions."""
        partitions = [TopicPartition(topic, p) for p in range(PARTITIONS)]
        return sum((watcher or self.watcher).get_watermark_offsets(partition, timeout=10)[1] for partition in partitions)

    def first_record(self, topic):
        """The value and headers of one record."""
        consumer = Consumer({"bootstrap.servers": self.servers, "group.id": "first-record"})
        consumer.assign([TopicPartition(topic, p, 0) for p in range(PARTITIONS)])
        message = consumer.poll(30)
        consumer.close()
        assert message is not None and message.error() is None, f"{topic} has no record"
        return message.value(), dict(message.headers())

    def is_assigned(self, group):
        """Whether the group has a member that owns partitions."""
        description = self.admin.describe_consumer_groups([group])[group].result(30)
        return description.state == ConsumerGroupState.STABLE and any(m.assignment.topic_partitions for m in description.members)

    def stop(self):
        self.watcher.close()
        if self.script:
            subprocess.run([self.script, "kill", self.folder], check=False)


class Commits:
    """How many records of a topic a group has committed, from the topic's start on."""

    def __init__(self, kafka, group, topic):
        self.consumer = Consumer({"bootstrap.servers": kafka.servers, "group.id": group})
        self.partitions = [TopicPartition(topic, p) for p in range(PARTITIONS)]

    def count(self):
        return sum(max(0, partition.offset) for partition in self.consumer.committed(self.partitions, 30))

    def close(self):
        self.consumer.close()
