@testable import IntegrationBridge

/// A consumer group with eager rebalances.
struct ModelGroup {
    private struct Member {
        var partitions: [Int] = []
        /// The rebalance that it last joined.
        var joined: Int
        var lastSeen: MonotonicInstant
    }

    let partitionCount: Int
    let sessionTimeout: Duration
    let rebalanceTimeout: Duration
    private(set) var generation = 0
    private var members: [Int: Member] = [:]
    private var nextMember = 1
    private var round = 0
    private var rebalancingSince: MonotonicInstant?

    init(partitionCount: Int, sessionTimeout: Duration, rebalanceTimeout: Duration) {
        self.partitionCount = partitionCount
        self.sessionTimeout = sessionTimeout
        self.rebalanceTimeout = rebalanceTimeout
    }

    var isRebalancing: Bool { rebalancingSince != nil }

    func isMember(_ member: Int) -> Bool { members[member] != nil }

    /// Whether offsets of this member are taken.
    func accepts(_ member: Int, _ generation: Int) -> Bool {
        members[member] != nil && generation == self.generation
    }

    func partitions(of member: Int) -> [Int] { members[member]?.partitions ?? [] }

    func mustRejoin(_ member: Int) -> Bool { isRebalancing && isMember(member) && members[member]?.joined != round }

    mutating func join(now: MonotonicInstant) -> Int {
        let member = nextMember
        nextMember += 1
        rebalance(now)
        members[member] = Member(joined: round, lastSeen: now)
        return member
    }

    mutating func rejoin(_ member: Int) -> Bool {
        guard members[member] != nil else { return false }
        members[member]?.joined = round
        return true
    }

    mutating func leave(_ member: Int, now: MonotonicInstant) {
        guard members.removeValue(forKey: member) != nil, !members.isEmpty else { return }
        rebalance(now)
    }

    mutating func beat(_ member: Int, now: MonotonicInstant) {
        members[member]?.lastSeen = now
    }

    mutating func rebalance(_ now: MonotonicInstant) {
        guard rebalancingSince == nil else { return }
        rebalancingSince = now
        round += 1
    }

    mutating func tick(now: MonotonicInstant) {
        for (member, state) in members where state.lastSeen.duration(to: now) > sessionTimeout {
            leave(member, now: now)
        }
        guard let since = rebalancingSince else { return }
        if since.duration(to: now) > rebalanceTimeout {
            for (member, state) in members where state.joined != round { members[member] = nil }
        }
        guard members.values.allSatisfy({ $0.joined == round }) else { return }
        generation += 1
        rebalancingSince = nil
        let order = members.keys.sorted()
        for member in order { members[member]?.partitions = [] }
        for partition in 0..<partitionCount where !order.isEmpty {
            members[order[(partition + generation) % order.count]]?.partitions.append(partition)
        }
    }
}
