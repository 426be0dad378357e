internal import JSONText
internal import RDKafka

/// What came out of the demo's bridge, counted and compared with what must.
struct DemoTally: Sendable {
    let expectations: [DemoRequest.Expectation]
    let integrationsTopic: String
    /// Results by request.
    private(set) var results: [Int]
    /// Requests with at least one result.
    private(set) var answered = 0
    /// Records that were read from the output topics.
    private(set) var records = 0
    private(set) var resolvedByKind: [String: Int] = [:]
    private(set) var failuresByReason: [String: Int] = [:]
    /// `resolved_at` of the first and of the last result.
    private(set) var firstResolvedAt: String?
    private(set) var lastResolvedAt: String?
    /// The first few things that are not as they must be.
    private(set) var complaints: [String] = []
    private(set) var sampleResolved: Record?
    private(set) var sampleFailure: Record?

    init(_ requests: [DemoRequest], integrationsTopic: String) {
        expectations = requests.map(\.expectation)
        self.integrationsTopic = integrationsTopic
        results = Array(repeating: 0, count: requests.count)
    }

    var isComplete: Bool { answered == results.count }
    var resolved: Int { resolvedByKind.values.reduce(0, +) }
    var failed: Int { failuresByReason.values.reduce(0, +) }

    /// Takes a record of one of the output topics.
    ///
    /// - Returns: its value, where it is no result of the demo's own requests.
    @discardableResult
    mutating func take(_ record: Record) -> JSONValue? {
        records += 1
        guard let value = record.value.flatMap({ try? JSONValue(parsing: $0) }), let lookup = value["lookup"] else {
            complain("a record of \(record.topic) is no result")
            return nil
        }
        guard let number = DemoRequest.number(ofKey: record.key), results.indices.contains(number) else { return value }
        results[number] += 1
        if results[number] == 1 { answered += 1 }
        if results[number] > 1 { complain("order-\(number) has \(results[number]) results") }
        let isResolved = record.topic == integrationsTopic
        let reason = lookup["reason"]?.string ?? "none"
        let actual = isResolved ? DemoRequest.Expectation.resolved : .failed(reason: reason)
        if actual != expectations[number] {
            complain("order-\(number) must be \(expectations[number]) and is \(actual)")
        }
        if isResolved {
            resolvedByKind[value["target"]?["kind"]?.string ?? "?", default: 0] += 1
        } else {
            failuresByReason[reason, default: 0] += 1
        }
        if let time = lookup["resolved_at"]?.string {
            // Of one length and in UTC, so that they sort as texts.
            firstResolvedAt = firstResolvedAt.map { min($0, time) } ?? time
            lastResolvedAt = lastResolvedAt.map { max($0, time) } ?? time
        }
        keepSample(record, value, isResolved, reason)
        return nil
    }

    private mutating func complain(_ text: String) {
        if complaints.count < 5 { complaints.append(text) }
    }

    /// Keeps one of each that shows much: a webhook that is redacted, a request with context, an id that is not there.
    private mutating func keepSample(_ record: Record, _ value: JSONValue, _ isResolved: Bool, _ reason: String) {
        if isResolved {
            let isTelling =
                value["target"]?["kind"]?.string == "Slack" && value["description"] != nil
                && value["lookup"]?["request"]?["value"]?["context"] != nil
            if isTelling, sampleResolved == nil { sampleResolved = record }
        } else if reason == "not_found", sampleFailure == nil {
            sampleFailure = record
        }
    }

    /// Counts what is not there.
    var unanswered: Int { results.count - answered }
}
