@testable import IntegrationBridge

/// What all simulated bridges share: brokers, time, chance.
final class DeliveryWorld {
    let mode: DeliveryMode
    let bug: PlantedBug?
    private let weather: ModelWeather
    var random: SplitMix64
    var now: MonotonicInstant
    var broker: ModelBroker
    var hasFaults = true
    /// Bridges at work at a time, those that are taken for dead not counted.
    static let mostBridges = 2
    /// How long a revoke waits.
    let drainTimeout: Duration = .seconds(3)

    init(seed: UInt64, mode: DeliveryMode, bug: PlantedBug?, start: MonotonicInstant) {
        self.mode = mode
        self.bug = bug
        random = SplitMix64(seed: seed)
        weather = ModelWeather(using: &random)
        now = start
        let partitions = Int.random(in: 2...3, using: &random)
        var inputs: [[Int64]] = []
        for _ in 0..<partitions {
            var offset: Int64 = 0
            var offsets: [Int64] = []
            for _ in 0..<Int.random(in: 5...25, using: &random) {
                // Control records, and records of aborted transactions.
                offset += Int.random(in: 0..<4, using: &random) == 0 ? Int64.random(in: 1...5, using: &random) : 0
                offsets.append(offset)
                offset += 1
            }
            inputs.append(offsets)
        }
        broker = ModelBroker(
            inputs: inputs,
            group: ModelGroup(
                partitionCount: partitions, sessionTimeout: .seconds(6), rebalanceTimeout: .seconds(12)),
            transactionTimeout: .seconds(10), transactionalIDs: Self.mostBridges,
            random: SplitMix64(seed: random.next()))
        broker.checksOrder = mode != .unordered
    }

    /// Whether a fault happens now.
    func strikes(_ fault: ModelFault) -> Bool { hasFaults && weather.strikes(fault, using: &random) }

    func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
}
