"""The Kafka that is broken and mended, over the script `kafka` of KAFKA_HOME."""

import subprocess
from pathlib import Path

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic


class Cluster:
    def __init__(self, home: Path, folder: Path, brokers: int) -> None:
        self.script, self.folder, self.brokers = home / "kafka", folder, brokers
        self.replicas = min(brokers, 3)
        self.in_sync = max(1, self.replicas - 1)

    def open(self) -> None:
        """Starts it for the first time."""
        self.start()
        self.servers = self._run("bootstrap")
        self.admin = AdminClient({"bootstrap.servers": self.servers, "log_level": 0})

    @property
    def nodes(self) -> range:
        return range(1, self.brokers + 1)

    def start(self) -> None:
        """Starts the nodes that do not run."""
        properties = {
            "min.insync.replicas": self.in_sync, "transaction.state.log.min.isr": self.in_sync,
            # A transaction that was left behind is ended soon after its timeout.
            "transaction.abort.timed.out.transaction.cleanup.interval.ms": 1000,
        }
        options = [word for name, value in properties.items() for word in ("--set", f"{name}={value}")]
        self._run("start", "--brokers", str(self.brokers), "--heap", "512m", *options)

    def kill(self, node: int) -> None:
        self._run("kill", str(node))

    def stop(self, node: int) -> None:
        self._run("stop", str(node))

    def freeze(self, node: int) -> None:
        self._run("freeze", str(node))

    def thaw(self, node: int) -> None:
        self._run("thaw", str(node))

    def end(self) -> None:
        subprocess.run([self.script, "kill", self.folder], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def create_topics(self, partitions: dict[str, int]) -> None:
        topics = [NewTopic(name, count, self.replicas) for name, count in partitions.items()]
        for future in self.admin.create_topics(topics).values():
            future.result(60)

    def elect_preferred_leaders(self) -> None:
        """Moves leadership back to where it was at first, as far as those brokers are in sync."""
        self._run_tool(
            "class", "org.apache.kafka.tools.LeaderElectionCommand", "--bootstrap-server", self.servers,
            "--election-type", "preferred", "--all-topic-partitions")

    def _run(self, command: str, *arguments: str) -> str:
        return self._run_tool(command, str(self.folder), *arguments)

    def _run_tool(self, *arguments: str) -> str:
        done = subprocess.run([self.script, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"kafka {arguments[0]} failed: {done.stdout}")
        return done.stdout.strip()


class Offsets:
    """What a group has committed of a topic, and where the topic ends."""

    def __init__(self, servers: str, group: str, topic: str, partitions: int) -> None:
        self.client = Consumer({"bootstrap.servers": servers, "group.id": group, "enable.auto.commit": False, "log_level": 0})
        self.partitions = [TopicPartition(topic, partition) for partition in range(partitions)]

    def committed(self, timeout: float = 5) -> list[int] | None:
        """0 where nothing is committed; None while the brokers do not answer."""
        try:
            entries = self.client.committed(self.partitions, timeout=timeout)
        except KafkaException:
            return None
        return None if any(entry.error for entry in entries) else [max(0, entry.offset) for entry in entries]

    def ends(self, timeout: float = 5) -> list[int] | None:
        try:
            return [self.client.get_watermark_offsets(partition, timeout=timeout)[1] for partition in self.partitions]
        except KafkaException:
            return None

    def close(self) -> None:
        self.client.close()
