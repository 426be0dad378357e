internal import RDKafka

/// One request of the demo, and what must come of it.
struct DemoRequest: Sendable {
    /// What a request must come to.
    enum Expectation: Hashable, Sendable {
        case resolved
        case failed(reason: String)
    }

    var value: [UInt8]?
    var headers: [RecordHeader] = []
    var expectation: Expectation
    /// nil where it names none.
    var id: String?

    /// The key that tells which request a result belongs to.
    static func key(_ number: Int) -> [UInt8] { Array("order-\(number)".utf8) }

    /// The number in a key; nil for keys that are not the demo's.
    static func number(ofKey key: [UInt8]?) -> Int? {
        guard let key, let text = String(validating: key, as: UTF8.self), text.hasPrefix("order-") else { return nil }
        return Int(text.dropFirst("order-".count))
    }
}
