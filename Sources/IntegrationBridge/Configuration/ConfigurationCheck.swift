/// Collects what is wrong with a configuration.
struct ConfigurationCheck {
    let sources: [String: ConfigurationSource]
    private(set) var problems: [BridgeConfigurationError.Problem] = []

    init(sources: [String: ConfigurationSource]) {
        self.sources = sources
    }

    mutating func add(_ code: BridgeConfigurationError.Code, _ key: String, _ message: String) {
        problems.append(.init(code, key: key, at: sources[key] ?? .code, message))
    }

    /// A text with something in it, and nothing that C or a protocol would cut it at.
    mutating func plainText(_ key: String, _ value: String) {
        if value.isEmpty {
            add(.invalidValue, key, "is empty; give a value or leave the key out")
        } else if value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            add(.invalidValue, key, "holds a control character, such as a line break; remove it")
        }
    }

    mutating func range<Value: Comparable>(_ key: String, _ value: Value, _ range: ClosedRange<Value>) {
        guard !range.contains(value) else { return }
        add(.invalidValue, key, "\(value) is not between \(range.lowerBound) and \(range.upperBound)")
    }

    mutating func range(_ key: String, _ value: Duration, _ range: ClosedRange<Duration>) {
        guard !range.contains(value) else { return }
        let (low, high) = (DurationText.text(range.lowerBound), DurationText.text(range.upperBound))
        add(.invalidValue, key, "\(DurationText.text(value)) is not between \(low) and \(high)")
    }

    mutating func atLeast(_ key: String, _ value: Int, _ least: Int, text: (Int) -> String) {
        if value < least { add(.invalidValue, key, "\(text(value)) is less than \(text(least))") }
    }

    /// `host:port`, `host`, or either behind a protocol and `://`, as librdkafka takes them.
    mutating func server(_ key: String, _ text: String) {
        let separator = text.firstRange(of: "://")
        let listener = separator.map { text[..<$0.lowerBound].lowercased() } ?? "plaintext"
        let address = separator.map { text[$0.upperBound...] } ?? text[...]
        if ["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"].contains(listener),
            let parts = URLParts("x://\(address)"),
            parts.userInfo == nil, parts.path.isEmpty, !parts.hasQueryOrFragment
        {
            return
        }
        // What stands before an '@' may be a password.
        let shown = text.contains("@") ? "an item" : QuotedText.of(text)
        add(.invalidValue, key, "\(shown) is not host:port")
    }

    /// Kafka's rule for topic names (`org.apache.kafka.common.internals.Topic`).
    mutating func topic(_ key: String, _ name: String) {
        let isLegal = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard !isLegal || name.isEmpty || name.utf8.count > 249 || name == "." || name == ".." else { return }
        add(
            .invalidValue, key,
            "\(QuotedText.of(name)) is no topic name; it takes 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-', but not '.' or '..'"
        )
    }
}
