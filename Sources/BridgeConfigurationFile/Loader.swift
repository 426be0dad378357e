internal import IntegrationBridge

/// Puts values into a configuration and remembers where each came from.
struct Loader {
    private var configuration = BridgeConfiguration(bootstrapServers: [String]())
    private var sources: [String: ConfigurationSource] = [:]
    private var problems: [BridgeConfigurationError.Problem] = []
    /// The file that was read.
    private var file: String?

    /// Who made this many mistakes gave another file; to find the nearest keys for thousands more takes long.
    private static let maximumProblems = 100

    private static let keys = Dictionary(uniqueKeysWithValues: BridgeConfiguration.keys.map { ($0.name, $0) })
    private static let variables = Dictionary(
        uniqueKeysWithValues: BridgeConfiguration.keys.map { ($0.environmentVariable, $0) })

    mutating func readFile(_ path: String, _ bytes: [UInt8]) {
        file = path
        let (entries, problems) = YAMLReader.read(bytes)
        for problem in problems {
            let source = ConfigurationSource.file(path: path, line: problem.line, column: problem.column)
            self.problems.append(.init(problem.code, key: problem.key, at: source, problem.message))
        }
        for entry in entries {
            let source = ConfigurationSource.file(path: path, line: entry.line, column: entry.column)
            if let key = Self.keys[entry.key] {
                if let value = entry.value { apply(value, to: key, at: source) }
            } else if self.problems.count < Self.maximumProblems,
                !(entry.value == nil && Self.keys.keys.contains { $0.hasPrefix(entry.key + ".") })
            {
                // A group whose keys are all commented out is a null, and no mistake.
                self.problems.append(unknown(entry.key, at: source))
            }
        }
    }

    mutating func readEnvironment(_ environment: [String: String]) {
        for (variable, text) in environment.sorted(by: { $0.key < $1.key })
        where variable.hasPrefix(ConfigurationKey.environmentPrefix) {
            let source = ConfigurationSource.environment(variable: variable)
            if let key = Self.variables[variable] {
                apply(.text(text), to: key, at: source)
            } else if problems.count < Self.maximumProblems {
                let nearest = NearestName.of(variable, among: Self.variables.keys.sorted())
                let advice = nearest.map { "did you mean \($0)?" } ?? "remove it"
                problems.append(.init(.unknownKey, at: source, "sets no key; \(advice)"))
            }
        }
    }

    func finish() throws(BridgeConfigurationError) -> BridgeConfiguration {
        // What was refused already keeps its default, so its rules would only say the same thing again.
        let refused = Set(problems.compactMap(\.key))
        // What seems to be missing may stand behind the place where the reading ended.
        let isCut = problems.contains { $0.code == .syntax }
        let broken = configuration.problems(sources: sources).filter {
            !refused.contains($0.key ?? "") && !(isCut && $0.code == .missingValue)
        }.map(withPlaces)
        let all = (problems + broken).prefix(Self.maximumProblems)
        if !all.isEmpty { throw BridgeConfigurationError(Array(all)) }
        return configuration
    }

    /// Where a value that is missing could have been given.
    private func withPlaces(_ problem: BridgeConfigurationError.Problem) -> BridgeConfigurationError.Problem {
        guard problem.code == .missingValue, problem.source == .code, let key = problem.key.flatMap({ Self.keys[$0] })
        else { return problem }
        let places = [file.map { "in \($0)" }, "as \(key.environmentVariable)"].compactMap { $0 }
        return .init(
            problem.code, key: problem.key, at: problem.source,
            "\(problem.message) (it is not given \(places.joined(separator: " or ")))")
    }

    private mutating func apply(_ value: ConfigurationValue, to key: ConfigurationKey, at source: ConfigurationSource) {
        if key.apply(value, to: &configuration) {
            sources[key.name] = source
        } else {
            problems.append(
                .init(.invalidValue, key: key.name, at: source, refusal(of: value, for: key)))
        }
    }

    private func refusal(of value: ConfigurationValue, for key: ConfigurationKey) -> String {
        guard !key.kind.isList else {
            // Without its '=' a property cannot be told from a password, so it is not shown.
            return "holds an item that is not name=value; give \(key.kind.accepts)"
        }
        switch value {
        case .list: return "is a list; give \(key.kind.accepts)"
        case .text(let text):
            if key.isSecret { return "is not taken; give \(key.kind.accepts)" }
            return "\(QuotedText.of(text)) is not taken; give \(key.kind.accepts)" + nearest(to: text, for: key.kind)
        }
    }

    private func nearest(to text: String, for kind: ConfigurationKey.Kind) -> String {
        guard case .choice(let words) = kind, let word = NearestName.of(text, among: words) else { return "" }
        return "; did you mean \(word)?"
    }

    private func unknown(_ name: String, at source: ConfigurationSource) -> BridgeConfigurationError.Problem {
        let advice: String
        if let parent = Self.keys.keys.first(where: { name.hasPrefix($0 + ".") }), let kind = Self.keys[parent]?.kind {
            advice = "\(parent) takes \(kind.accepts)"
        } else if let nearest = NearestName.of(name, among: Self.keys.keys.sorted()) {
            advice = "did you mean \(nearest)?"
        } else {
            advice = "remove it"
        }
        return .init(.unknownKey, key: String(name.prefix(200)), at: source, "is no key; \(advice)")
    }
}
