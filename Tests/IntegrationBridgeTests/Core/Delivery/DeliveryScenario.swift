@testable import IntegrationBridge

/// One seeded run: bridges at work, faults, then peace until all is done.
struct DeliveryScenario {
    private let world: DeliveryWorld
    private var bridges: [ModelBridge] = []

    init(seed: UInt64, mode: DeliveryMode, bug: PlantedBug? = nil, start: MonotonicInstant) {
        world = DeliveryWorld(seed: seed, mode: mode, bug: bug, start: start)
    }

    /// - Returns: what was wrong, where something was.
    mutating func run() -> DeliveryViolation? {
        let count = 1 + world.draw(DeliveryWorld.mostBridges)
        for id in 0..<count { bridges.append(ModelBridge(world: world, id: id)) }
        let faultRate = [150, 400, 1500][world.draw(3)]
        for _ in 0..<(300 + world.draw(1500)) where world.broker.violation == nil {
            if world.draw(faultRate) == 0 { strike() }
            step()
        }
        world.hasFaults = false
        world.broker.beginPeace()
        var steps = 0
        while !isSettled, world.broker.violation == nil {
            step()
            steps += 1
            if steps > 60_000 { world.broker.report("it is stuck", state) }
        }
        for bridge in bridges { bridge.beginStop() }
        steps = 0
        while world.broker.violation == nil, bridges.contains(where: { !$0.isOver }) {
            stepOnce()
            steps += 1
            if steps > 20_000 { world.broker.report("a bridge does not end") }
        }
        for bridge in bridges where bridge.outbox.heldBytes != 0 { world.broker.report("held bytes are left") }
        return world.broker.violation
    }

    private mutating func step() {
        stepOnce()
        // Somebody starts what has ended anew.
        for index in bridges.indices.reversed() where bridges[index].isOver {
            let bridge = bridges.remove(at: index)
            if !bridge.isReplaced { bridges.append(ModelBridge(world: world, id: bridge.id)) }
        }
    }

    private func stepOnce() {
        world.now = world.now + .milliseconds(world.draw(6))
        if world.draw(300) == 0 { world.now = world.now + .milliseconds(world.draw(world.hasFaults ? 4000 : 1000)) }
        world.broker.group.tick(now: world.now)
        world.broker.tick(now: world.now)
        let bridge = bridges[world.draw(bridges.count)]
        if bridge.frozenUntil > world.now, world.hasFaults || bridge.isReplaced { return }
        if !bridge.isOver { bridge.step() }
    }

    private mutating func strike() {
        let index = world.draw(bridges.count)
        let bridge = bridges[index]
        switch world.draw(8) {
        case 0: world.broker.group.rebalance(world.now)
        case 1: bridge.beginStop()
        case 2:
            bridge.frozenUntil = world.now + .milliseconds(world.draw(16_000))
        case 3 where bridges.count < 4 && !bridge.isReplaced:
            // It is taken for dead, and another one takes its place.
            bridge.frozenUntil = world.now + .milliseconds(world.draw(16_000))
            bridge.isReplaced = true
            bridges.append(ModelBridge(world: world, id: bridge.id))
        case 4, 5:
            // The brokers do not hear of it for long.
            if let member = bridge.consumer.member { world.broker.group.leave(member, now: world.now) }
        default:
            // What is queued may still get out.
            while !bridge.producer.queue.isEmpty, world.draw(2) == 0 { bridge.producer.flush(world) }
            bridges.remove(at: index)
            if !bridge.isReplaced || bridges.isEmpty { bridges.append(ModelBridge(world: world, id: bridge.id)) }
        }
    }

    /// Everything is committed, and nobody holds anything.
    private var isSettled: Bool {
        guard world.broker.isAllCommitted else { return false }
        return bridges.allSatisfy {
            $0.resolver.heldBytes == 0 && $0.outbox.heldBytes == 0 && $0.ledger.unfinishedCount == 0
        }
    }

    private var state: String {
        "committed \(world.broker.committed) of \(world.broker.inputs.map { $0.last ?? -1 }), "
            + bridges.map(\.detail).joined(separator: "; ")
    }
}
