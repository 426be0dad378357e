/// What is promised about outputs: faults are tried under both.
enum Guarantee: String, CaseIterable, Sendable {
    case atLeastOnce
    case exactlyOnce

    var settings: [String: String] {
        ["DELIVERY_GUARANTEE": rawValue, "DELIVERY_COMMIT_INTERVAL": "100ms"]
    }
}
