import Testing

@testable import RDKafka

@Suite("Rules without I/O")
struct PureTests {
    @Test("a committed offset decides where a partition begins; retention having passed it is told")
    func committedDecides() {
        for startFrom in ConsumerConfiguration.StartFrom.allCases {
            let rule = StartOffsets(startFrom: startFrom)
            #expect(rule.decide(committed: 5, low: 0, high: 10) == .start(5))
            #expect(rule.decide(committed: 5, low: 5, high: 10) == .start(5))
            #expect(rule.decide(committed: 4, low: 5, high: 10) == .passed(committed: 4, low: 5))
            // Above the last stable offset is valid while a transaction is open: the broker decides.
            #expect(rule.decide(committed: 11, low: 5, high: 10) == .start(11))
        }
    }

    @Test("without a committed offset startFrom decides, and latest is committed")
    func startFromDecides() {
        #expect(StartOffsets(startFrom: .earliest).decide(committed: nil, low: 3, high: 9) == .start(3))
        #expect(StartOffsets(startFrom: .latest).decide(committed: nil, low: 3, high: 9) == .startAndCommit(9))
        #expect(StartOffsets(startFrom: .error).decide(committed: nil, low: 3, high: 9) == .missing)
    }

    @Test(
        "over any row of changes only what is paused is resumed, and nothing is paused twice",
        arguments: 0..<50 as Range<UInt64>)
    func pausedPartitions(seed: UInt64) {
        var random = SplitMix64(state: seed)
        let all = (0..<6).map { TopicPartition(topic: "t", partition: $0) }
        var paused = PausedPartitions()
        var library: Set<TopicPartition> = []
        for _ in 0..<200 {
            let wanted = Set(all.filter { _ in random.next() & 1 == 0 })
            let change = paused.change(to: wanted)
            #expect(library.isDisjoint(with: change.pause), "seed \(seed)")
            #expect(library.isSuperset(of: change.resume), "seed \(seed)")
            library.formUnion(change.pause)
            library.subtract(change.resume)
            #expect(library == wanted && paused.paused == wanted, "seed \(seed)")
        }
    }

    @Test("credentials that are refused for the window are a fault; refusals far apart are not")
    func authenticationWatch() {
        let start = ContinuousClock.now
        var watch = AuthenticationWatch(window: .seconds(30))
        var answers = [0, 29, 30].map { watch.failed(at: start + .seconds($0)) }
        #expect(answers == [false, false, true])
        watch.succeeded()
        // The second of these begins a new row: the last refusal was long ago.
        answers = [31, 131, 161].map { watch.failed(at: start + .seconds($0)) }
        #expect(answers == [false, false, true])
    }

    @Test("durations become whole milliseconds, never less than asked for, never negative")
    func milliseconds() {
        #expect(Duration.milliseconds(5).clampedMilliseconds == 5)
        #expect(Duration.microseconds(1).clampedMilliseconds == 1)
        #expect(Duration.seconds(-1).clampedMilliseconds == 0)
        #expect(Duration.zero.clampedMilliseconds == 0)
        #expect(Duration.seconds(1_000_000).clampedMilliseconds == 86_400_000)
    }

    @Test("errors know what passes by itself, and say the code's name")
    func errors() {
        #expect(KafkaError(.transport, "x").isRetriable)
        #expect(!KafkaError(.topicAuthorizationFailed, "x").isRetriable)
        #expect(!KafkaError(.transport, "x", isFatal: true).isRetriable)
        #expect("\(KafkaError(.unknownTopicOrPartition, "no topic 't'"))" == "no topic 't' (UNKNOWN_TOPIC_OR_PART)")
        #expect(MemoryLayout<KafkaError?>.size == MemoryLayout<Int>.size, "one word in a delivery report")
    }

    @Test("the linked library says its version")
    func version() {
        #expect(LibRDKafka.version.contains("."))
        #expect(LibRDKafka.supportsSCRAM == (LibRDKafka.versionNumber >= 0x0206_0100))
    }
}

/// A small seeded generator, so that a failing seed can be run again.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
