@testable import IntegrationBridge

/// What the brokers keep: requests, outputs, transactions; the group is another file.
///
/// It checks each commit against the outputs that are there.
struct ModelBroker {
    typealias Refusal = ModelCoordinator.Refusal
    typealias Fate = ModelCoordinator.Fate

    private struct Output {
        var input: ModelInput
        var topic: Int
    }

    /// The offsets of the records of each partition, with gaps.
    let inputs: [[Int64]]
    let transactionTimeout: Duration
    var checksOrder = true
    var group: ModelGroup
    private(set) var committed: [Int64]
    private(set) var violation: DeliveryViolation?
    /// Inputs whose output may come late: it was refused once, or went to another topic before.
    var unordered: Set<ModelInput> = []

    private var random: SplitMix64
    /// The longest that the markers of a transaction take, in milliseconds.
    private let slowestMarkers: Int
    /// By transactional id.
    private var coordinators: [ModelCoordinator]
    /// Outputs of the transaction of each id that nobody reads yet.
    private var unseen: [[Output]]
    /// Outputs that readers of committed records see, by input.
    private var visible: [ModelInput: Int] = [:]
    private var takeovers = 0
    private var mostTakeovers: Int?
    private var topics: [ModelInput: Int] = [:]
    private var newest: [[Int64]]

    init(
        inputs: [[Int64]], group: ModelGroup, transactionTimeout: Duration, transactionalIDs: Int, random: SplitMix64
    ) {
        self.inputs = inputs
        self.group = group
        self.transactionTimeout = transactionTimeout
        self.random = random
        slowestMarkers = [60, 600, 3000].randomElement(using: &self.random) ?? 60
        committed = inputs.map { _ in 0 }
        newest = inputs.map { _ in [-1, -1] }
        coordinators = Array(repeating: ModelCoordinator(), count: transactionalIDs)
        unseen = Array(repeating: [], count: transactionalIDs)
    }

    mutating func report(_ kind: String, _ detail: String = "") {
        if violation == nil { violation = DeliveryViolation(kind: kind, detail: detail) }
    }

    // MARK: Outputs

    mutating func append(_ input: ModelInput, topic: Int) {
        show(Output(input: input, topic: topic))
    }

    private mutating func show(_ output: Output) {
        let input = output.input
        visible[input, default: 0] += 1
        guard visible[input] == 1, !unordered.contains(input) else { return }
        if newest[input.partition][output.topic] > input.offset, checksOrder {
            report("a result is out of order", "\(input)")
        }
        newest[input.partition][output.topic] = max(newest[input.partition][output.topic], input.offset)
    }

    mutating func append(_ input: ModelInput, topic: Int, id: Int, epoch: Int) throws(Refusal) {
        guard coordinators[id].epoch == epoch, coordinators[id].isOngoing else { throw .fenced }
        unseen[id].append(Output(input: input, topic: topic))
    }

    // MARK: Transactions

    /// From now on a producer is replaced a few times at most.
    mutating func beginPeace() {
        mostTakeovers = takeovers + 12
    }

    /// - Returns: the epoch of the producer that has taken over.
    mutating func initialize(_ id: Int, now: MonotonicInstant) throws(Refusal) -> Int {
        try coordinators[id].initialize(markers: markers(now))
        takeovers += 1
        if let most = mostTakeovers, takeovers > most {
            report("producers take the place of each other without an end")
        }
        return coordinators[id].epoch
    }

    mutating func register(_ id: Int, epoch: Int, now: MonotonicInstant) throws(Refusal) {
        try coordinators[id].register(epoch: epoch, now: now)
    }

    mutating func sendOffsets(
        _ offsets: [(partition: Int, offset: Int64)], id: Int, epoch: Int, member: Int, generation: Int,
        now: MonotonicInstant
    ) throws(Refusal) {
        try register(id, epoch: epoch, now: now)
        guard group.accepts(member, generation) else { throw .staleMember }
        for entry in offsets { coordinators[id].add(offset: entry.offset, of: entry.partition) }
    }

    mutating func endTransaction(_ id: Int, epoch: Int, _ fate: Fate, now: MonotonicInstant) throws(Refusal) {
        try coordinators[id].end(fate, epoch: epoch, markers: markers(now))
    }

    /// When the markers of a transaction that ends now are written: mostly soon.
    private mutating func markers(_ now: MonotonicInstant) -> MonotonicInstant {
        let most = Int.random(in: 0..<3, using: &random) == 0 ? slowestMarkers : 60
        return now + .milliseconds(Int.random(in: 1..<most, using: &random))
    }

    /// Time passes: transactions are completed, and those that take too long are ended.
    mutating func tick(now: MonotonicInstant) {
        for id in coordinators.indices {
            if coordinators[id].isOpen(for: transactionTimeout, now: now) {
                coordinators[id].expire(markers: markers(now))
            }
            if let fate = coordinators[id].complete(now: now) { complete(id, fate) }
        }
    }

    private mutating func complete(_ id: Int, _ fate: Fate) {
        let outputs = unseen[id]
        let offsets = coordinators[id].offsets
        unseen[id] = []
        coordinators[id].forgetOffsets()
        guard fate == .committed else { return }
        for output in outputs {
            show(output)
            if visible[output.input] != 1 { report("two results of a request are committed", "\(output.input)") }
        }
        for (partition, offset) in offsets.sorted(by: { $0.key < $1.key }) { commit(partition, offset) }
        for output in outputs where output.input.offset >= committed[output.input.partition] {
            report("a result is committed without its offset", "\(output.input)")
        }
    }

    // MARK: Offsets

    mutating func commit(
        _ offsets: [(partition: Int, offset: Int64)], member: Int, generation: Int
    ) throws(Refusal) {
        guard group.accepts(member, generation) else { throw .staleMember }
        for entry in offsets { commit(entry.partition, entry.offset) }
    }

    private mutating func commit(_ partition: Int, _ offset: Int64) {
        if offset < committed[partition] { report("a committed offset goes back", "\(partition):\(offset)") }
        for passed in inputs[partition] where passed >= committed[partition] && passed < offset {
            let input = ModelInput(partition: partition, offset: passed)
            if visible[input] == nil { report("a request is committed without a result", "\(input)") }
        }
        committed[partition] = offset
    }

    /// The committed offset; `nil` while a transaction with another one is open, or being completed.
    func stableOffset(_ partition: Int) -> Int64? {
        coordinators.contains { $0.offsets[partition] != nil } ? nil : committed[partition]
    }

    /// An output that goes to another topic than before has no order with those there.
    mutating func note(_ input: ModelInput, topic: Int) {
        if let known = topics[input], known != topic { unordered.insert(input) }
        topics[input] = topic
    }

    var isAllCommitted: Bool {
        inputs.indices.allSatisfy { (inputs[$0].last ?? -1) < committed[$0] }
    }
}
