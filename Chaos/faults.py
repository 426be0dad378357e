"""What is done to bridges, brokers and the API. Each fault is over when its function returns."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from api import API
from bridges import SESSION, TRANSACTION, Bridge, Fleet
from cluster import Cluster
from diary import Diary

Fault = Callable[[], None]


class Faults:
    def __init__(self, diary: Diary, seed: int, fleet: Fleet, cluster: Cluster, api: API) -> None:
        self.diary, self.random = diary, random.Random(seed)
        self.fleet, self.cluster, self.api = fleet, cluster, api
        self.deck: list[Fault] = []

    def next(self) -> Fault:
        """As cards from a deck, so that each kind comes as often as any other."""
        if not self.deck:
            self.deck = list(self._kinds())
            self.random.shuffle(self.deck)
        return self.deck.pop()

    def pause(self, shortest: float, longest: float) -> None:
        """Lets time pass, in which bridges that end by themselves are started again."""
        until = time.monotonic() + self.random.uniform(shortest, longest)
        while (now := time.monotonic()) < until:
            self.fleet.supervise()
            time.sleep(min(0.05, until - now))

    def _meanwhile(self, work: Callable[[], None]) -> None:
        """Does what takes long, and lets time pass until it is done."""
        with ThreadPoolExecutor(1) as executor:
            done = executor.submit(work)
            while not done.done():
                self.pause(0.05, 0.05)
            done.result()

    def running_bridge(self) -> Bridge:
        while not (running := [bridge for bridge in self.fleet.bridges if bridge.runs]):
            self.pause(0.1, 0.1)
        return self.random.choice(running)

    def heal(self) -> None:
        """Ends every fault, and all bridges but one."""
        self.api.start()
        self.cluster.start()
        for bridge in self.fleet.bridges:
            if bridge.frozen:
                self.fleet.thaw(bridge)
        for bridge in self.fleet.running()[1:]:
            self.fleet.stop(bridge)

    def _kinds(self) -> list[Fault]:
        kinds = [
            self.kill_bridge, self.kill_bridge, self.stop_bridge, self.freeze_bridge, self.rebalance, self.rebalance,
            self.kill_broker, self.freeze_broker, self.end_bridge_without_broker,
            self.api_down, self.api_slow, self.api_limits, self.api_refuses,
        ]
        if self.cluster.brokers > 1:
            kinds += [self.stop_broker, self.move_leaders, self.kill_broker]
        return kinds

    def _node(self) -> int:
        return self.random.choice(self.cluster.nodes)

    # Bridges

    def kill_bridge(self) -> None:
        bridge = self.running_bridge()
        self.diary.note(f"bridge {bridge.name}: SIGKILL, and a new start")
        self.fleet.kill(bridge)
        self.pause(0, 1)
        self.fleet.start(bridge)

    def stop_bridge(self) -> None:
        bridge = self.running_bridge()
        self.diary.note(f"bridge {bridge.name}: SIGTERM, and a new start")
        self.fleet.stop(bridge)
        self.pause(0, 0.5)
        self.fleet.start(bridge)

    def freeze_bridge(self) -> None:
        bridge = self.running_bridge()
        if len(self.fleet.running()) < 2:
            other = self.fleet.idle()[0]
            self.diary.note(f"bridge {other.name}: joins")
            self.fleet.start(other)
            self.pause(0, 4)
        seconds = max(SESSION, TRANSACTION) + self.random.uniform(1, 4)
        self.diary.note(f"bridge {bridge.name}: SIGSTOP for {seconds:.1f} s")
        self.fleet.freeze(bridge)
        self.pause(seconds, seconds)
        self.diary.note(f"bridge {bridge.name}: SIGCONT")
        self.fleet.thaw(bridge)
        self.pause(0, 2)

    def rebalance(self) -> None:
        idle = self.fleet.idle()
        if idle and (len(self.fleet.running()) < 2 or self.random.random() < 0.5):
            self.diary.note(f"bridge {idle[0].name}: joins")
            self.fleet.start(idle[0])
        elif len(self.fleet.running()) > 1:
            bridge = self.running_bridge()
            self.diary.note(f"bridge {bridge.name}: SIGTERM, leaves")
            self.fleet.stop(bridge)

    # Brokers

    def kill_broker(self) -> None:
        node = self._node()
        self.diary.note(f"broker {node}: SIGKILL")
        self._meanwhile(lambda: self.cluster.kill(node))
        self.pause(0, 4)
        self._start_brokers()

    def stop_broker(self) -> None:
        node = self._node()
        self.diary.note(f"broker {node}: SIGTERM")
        self._meanwhile(lambda: self.cluster.stop(node))
        self.pause(0, 4)
        self._start_brokers()

    def freeze_broker(self) -> None:
        node, seconds = self._node(), self.random.uniform(1, 10)
        self.diary.note(f"broker {node}: SIGSTOP for {seconds:.1f} s")
        self.cluster.freeze(node)
        self.pause(seconds, seconds)
        self.cluster.thaw(node)

    def move_leaders(self) -> None:
        self.diary.note("leaders move back to the preferred brokers")
        self._meanwhile(self.cluster.elect_preferred_leaders)

    def end_bridge_without_broker(self) -> None:
        """No orderly end can be asked for here, but an end in time."""
        node, bridge = self._node(), self.running_bridge()
        self.diary.note(f"broker {node}: SIGKILL")
        self._meanwhile(lambda: self.cluster.kill(node))
        self.pause(0, 2)
        if self.random.random() < 0.5:
            self.diary.note(f"bridge {bridge.name}: SIGKILL while the broker is down")
            self.fleet.kill(bridge)
        else:
            self.diary.note(f"bridge {bridge.name}: SIGTERM while the broker is down")
            self.fleet.stop(bridge, must_succeed=False)
        self.fleet.start(bridge)
        self.pause(0, 2)
        self._start_brokers()

    def _start_brokers(self) -> None:
        self._meanwhile(self.cluster.start)
        self.diary.note("all brokers run")

    # The API

    def api_down(self) -> None:
        self.diary.note("API: down")
        self.api.stop()
        self._api_recovers()

    def api_slow(self) -> None:
        self.diary.note("API: takes 1 s more for each answer")
        self.api.start("--latency", "1s")
        self._api_recovers()

    def api_limits(self) -> None:
        self.diary.note("API: 20 calls in 2 s")
        self.api.start("--rate-limit", "20/2")
        self._api_recovers()

    def api_refuses(self) -> None:
        self.diary.note("API: refuses the credentials")
        self.api.start(secret="another")
        self._api_recovers()

    def _api_recovers(self) -> None:
        self.pause(1, 5)
        if self.random.random() < 0.3:
            self.kill_bridge()
            self.pause(0, 2)
        self.api.start()
        self.diary.note("API: as before")
