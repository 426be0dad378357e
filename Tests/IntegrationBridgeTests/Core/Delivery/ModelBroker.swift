@testable import IntegrationBridge

/// What the brokers keep: requests, outputs, transactions; the group is another file.
///
/// It checks each commit against the outputs that are there.
struct ModelBroker {
    enum Refusal: Error {
        case fenced
        case staleMember
        case invalidState
    }

    struct Output {
        var input: ModelInput
        var topic: Int
        var transaction: Int?
    }

    enum Fate {
        case ongoing
        case committed
        case aborted
    }

    /// The state of one transactional id.
    struct Coordinator {
        var epoch = 0
        var ongoing: Int?
        var startedAt: MonotonicInstant?
        var last: Fate?
        var offsets: [Int: Int64] = [:]
        var first = 0
    }

    /// The offsets of the records of each partition, with gaps.
    let inputs: [[Int64]]
    let transactionTimeout: Duration
    private(set) var outputs: [Output] = []
    private var fates: [Fate] = []
    private var coordinators: [Int: Coordinator] = [:]
    var group: ModelGroup
    private(set) var committed: [Int64]
    /// Outputs that readers of committed records see, by input.
    private var visible: [ModelInput: Int] = [:]
    private(set) var violation: String?
    /// Inputs whose output may come late: it was refused once, or went to another topic before.
    var unordered: Set<ModelInput> = []
    private var takeovers = 0
    private var mostTakeovers: Int?
    private var topics: [ModelInput: Int] = [:]
    private var newest: [[Int64]]

    init(inputs: [[Int64]], group: ModelGroup, transactionTimeout: Duration) {
        self.inputs = inputs
        self.group = group
        self.transactionTimeout = transactionTimeout
        committed = inputs.map { _ in 0 }
        newest = inputs.map { _ in [-1, -1] }
    }

    mutating func report(_ text: String) {
        if violation == nil { violation = text }
    }

    // MARK: Outputs

    mutating func append(_ input: ModelInput, topic: Int) {
        outputs.append(Output(input: input, topic: topic, transaction: nil))
        show(input, topic: topic)
    }

    private mutating func show(_ input: ModelInput, topic: Int) {
        visible[input, default: 0] += 1
        guard visible[input] == 1, !unordered.contains(input) else { return }
        if newest[input.partition][topic] > input.offset, checksOrder { report("\(input) is out of order") }
        newest[input.partition][topic] = max(newest[input.partition][topic], input.offset)
    }

    var checksOrder = true

    mutating func append(
        _ input: ModelInput, topic: Int, id: Int, epoch: Int, now: MonotonicInstant
    ) throws(Refusal) {
        let transaction = try register(id, epoch, now)
        outputs.append(Output(input: input, topic: topic, transaction: transaction))
    }

    // MARK: Transactions

    /// From now on a producer is replaced a few times at most.
    mutating func beginPeace() {
        mostTakeovers = takeovers + 12
    }

    mutating func initialize(_ id: Int) -> Int {
        if coordinators[id]?.ongoing != nil { end(id, .aborted) }
        coordinators[id, default: Coordinator()].epoch += 1
        takeovers += 1
        if let most = mostTakeovers, takeovers > most {
            report("producers take the place of each other without an end")
        }
        return coordinators[id]?.epoch ?? 0
    }

    mutating func register(_ id: Int, _ epoch: Int, _ now: MonotonicInstant) throws(Refusal) -> Int {
        guard var coordinator = coordinators[id], coordinator.epoch == epoch else { throw .fenced }
        if let ongoing = coordinator.ongoing { return ongoing }
        coordinator.ongoing = fates.count
        coordinator.startedAt = now
        coordinator.first = outputs.count
        coordinator.offsets = [:]
        coordinators[id] = coordinator
        fates.append(.ongoing)
        return fates.count - 1
    }

    mutating func sendOffsets(
        _ offsets: [(partition: Int, offset: Int64)], id: Int, epoch: Int, member: Int, generation: Int,
        now: MonotonicInstant
    ) throws(Refusal) {
        _ = try register(id, epoch, now)
        guard group.accepts(member, generation) else { throw .staleMember }
        for entry in offsets { coordinators[id]?.offsets[entry.partition] = entry.offset }
    }

    mutating func endTransaction(_ id: Int, epoch: Int, _ fate: Fate) throws(Refusal) {
        guard let coordinator = coordinators[id], coordinator.epoch == epoch else { throw .fenced }
        guard coordinator.ongoing != nil else {
            if coordinator.last == fate { return }
            throw .invalidState
        }
        end(id, fate)
    }

    /// Ends what has been open for too long, and shuts its producer out.
    mutating func expire(now: MonotonicInstant) {
        for (id, coordinator) in coordinators.sorted(by: { $0.key < $1.key }) {
            guard coordinator.ongoing != nil, let start = coordinator.startedAt,
                start.duration(to: now) >= transactionTimeout
            else { continue }
            end(id, .aborted)
            coordinators[id]?.epoch += 1
        }
    }

    private mutating func end(_ id: Int, _ fate: Fate) {
        guard let coordinator = coordinators[id], let transaction = coordinator.ongoing else { return }
        fates[transaction] = fate
        coordinators[id]?.ongoing = nil
        coordinators[id]?.last = fate
        coordinators[id]?.offsets = [:]
        guard fate == .committed else { return }
        var seen: [ModelInput] = []
        for output in outputs[coordinator.first...] where output.transaction == transaction {
            show(output.input, topic: output.topic)
            seen.append(output.input)
            if visible[output.input] != 1 { report("two outputs of \(output.input) are committed") }
        }
        for (partition, offset) in coordinator.offsets { commit(partition, offset) }
        for input in seen where input.offset >= committed[input.partition] {
            report("\(input) has an output and is not below the committed offset")
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
        if offset < committed[partition] { report("the committed offset of \(partition) goes back") }
        for passed in inputs[partition] where passed >= committed[partition] && passed < offset {
            let input = ModelInput(partition: partition, offset: passed)
            if visible[input] == nil { report("\(input) is committed without an output") }
        }
        committed[partition] = offset
    }

    /// The committed offset; `nil` while a transaction with another one is open.
    func stableOffset(_ partition: Int) -> Int64? {
        coordinators.values.contains { $0.offsets[partition] != nil } ? nil : committed[partition]
    }

    /// An output that goes to another topic than before has no order with those there.
    mutating func note(_ input: ModelInput, topic: Int) {
        if let known = topics[input], known != topic { unordered.insert(input) }
        topics[input] = topic
    }

    var isAllCommitted: Bool {
        inputs.indices.allSatisfy { (inputs[$0].last ?? -1) < committed[$0] }
    }

    func outputCount(_ input: ModelInput) -> Int { visible[input] ?? 0 }
}
