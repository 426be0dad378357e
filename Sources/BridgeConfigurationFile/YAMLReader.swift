internal import IntegrationBridge

/// Reads nested maps into dotted keys, in the order of the text.
struct YAMLReader {
    static let maximumDepth = 16

    private(set) var entries: [YAMLEntry] = []
    private(set) var problems: [YAMLProblem] = []
    private let parser: YAMLParser

    /// Entries, and problems that did not stop the reading.
    static func read(_ bytes: [UInt8]) -> (entries: [YAMLEntry], problems: [YAMLProblem]) {
        guard let parser = YAMLParser(bytes) else {
            return ([], [YAMLProblem(line: 1, column: 1, message: "cannot be read: out of memory")])
        }
        var reader = YAMLReader(parser: parser)
        do throws(YAMLProblem) {
            try reader.readStream()
        } catch {
            reader.problems.append(error)
        }
        return (reader.entries, reader.problems)
    }

    private init(parser: YAMLParser) {
        self.parser = parser
    }

    private mutating func readStream() throws(YAMLProblem) {
        var documents = 0
        while true {
            let event = try parser.next()
            switch event.kind {
            case .end: return
            case .other: continue
            case .documentStart:
                documents += 1
                if documents > 1 {
                    throw Self.problem(event, "is a second document; keep one, without '---' in between")
                }
            case .mappingStart:
                try refuseDecoration(event)
                try readMapping(prefix: "", depth: 1)
            case .scalar(let text, let isPlain) where Self.isNull(text, isPlain: isPlain): continue
            default: throw Self.problem(event, "is no map of keys; begin with a key, such as 'kafka:'")
            }
        }
    }

    private mutating func readMapping(prefix: String, depth: Int) throws(YAMLProblem) {
        var names: Set<String> = []
        while true {
            let event = try parser.next()
            if event.kind == .mappingEnd { return }
            guard case .scalar(let name, _) = event.kind else {
                throw Self.problem(event, "is no key; a key is a plain text")
            }
            try refuseDecoration(event)
            let key = prefix + name
            if name.contains(".") {
                // Else the same key could be written in two ways.
                throw Self.problem(event, "'\(name)' holds a dot; write each part on a line of its own, nested")
            }
            if !names.insert(name).inserted { addDuplicate(key, event) }
            try readValue(of: key, depth: depth)
        }
    }

    private mutating func readValue(of key: String, depth: Int) throws(YAMLProblem) {
        let event = try parser.next()
        try refuseDecoration(event)
        switch event.kind {
        case .scalar(let text, let isPlain):
            addEntry(key, Self.isNull(text, isPlain: isPlain) ? nil : .text(text), event)
        case .sequenceStart:
            addEntry(key, .list(try readSequence(of: key)), event)
        case .mappingStart:
            if depth == Self.maximumDepth { throw Self.problem(event, "is nested too deeply") }
            try readMapping(prefix: key + ".", depth: depth + 1)
        default:
            throw Self.problem(event, "is an alias, which is not taken; write the value out")
        }
    }

    private func readSequence(of key: String) throws(YAMLProblem) -> [String] {
        var items: [String] = []
        while true {
            let event = try parser.next()
            try refuseDecoration(event)
            switch event.kind {
            case .sequenceEnd: return items
            case .scalar(let text, let isPlain) where !Self.isNull(text, isPlain: isPlain): items.append(text)
            default: throw Self.problem(event, "an item is a text, neither null, a list nor a map", key: key)
            }
        }
    }

    private mutating func addEntry(_ key: String, _ value: ConfigurationValue?, _ event: YAMLEvent) {
        entries.append(YAMLEntry(key: key, value: value, line: event.line, column: event.column))
    }

    private mutating func addDuplicate(_ key: String, _ event: YAMLEvent) {
        problems.append(
            YAMLProblem(
                code: .duplicateKey, key: key, line: event.line, column: event.column,
                message: "is given twice; keep one of them"))
    }

    private func refuseDecoration(_ event: YAMLEvent) throws(YAMLProblem) {
        if event.isDecorated { throw Self.problem(event, "has an anchor or a tag, which are not taken; remove it") }
    }

    private static func isNull(_ text: String, isPlain: Bool) -> Bool {
        isPlain && ["", "~", "null", "Null", "NULL"].contains(text)
    }

    private static func problem(_ event: YAMLEvent, _ message: String, key: String? = nil) -> YAMLProblem {
        YAMLProblem(key: key, line: event.line, column: event.column, message: message)
    }
}
