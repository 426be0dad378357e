extension ConfigurationKey {
    typealias Path<Value> = any WritableKeyPath<BridgeConfiguration, Value> & Sendable

    /// What a key says beyond its name, place and summary.
    struct Traits {
        var defaultText: String?
        var isRequired = false
        var isSecret = false
        var isYetToCome = false
    }

    private static func make<Value: Sendable>(
        _ name: String, _ kind: Kind, _ path: Path<Value>, _ summary: String, _ traits: Traits,
        parse: @escaping @Sendable (ConfigurationValue) -> Value?, items: @escaping @Sendable (Value) -> [String]?
    ) -> ConfigurationKey {
        let defaults = BridgeConfiguration(bootstrapServers: [String]())
        let read = { @Sendable (configuration: BridgeConfiguration) in items(configuration[keyPath: path]) }
        let defaultText = read(defaults).map { kind.isList ? ListText.text($0) : $0.joined() }
        return ConfigurationKey(
            name: name, kind: kind, summary: summary,
            defaultText: traits.isRequired ? nil : traits.defaultText ?? defaultText, isRequired: traits.isRequired,
            isSecret: traits.isSecret, isYetToCome: traits.isYetToCome,
            set: { configuration, value in
                guard let parsed = parse(value) else { return false }
                configuration[keyPath: path] = parsed
                return true
            }, read: read)
    }

    static func text(_ name: String, _ path: Path<String>, _ summary: String, _ traits: Traits = Traits()) -> Self {
        make(name, .text, path, summary, traits, parse: \.text, items: { [$0] })
    }

    static func text(_ name: String, _ path: Path<String?>, _ summary: String, _ traits: Traits = Traits()) -> Self {
        make(name, .text, path, summary, traits, parse: { $0.text.map(Optional.some) }, items: { $0.map { [$0] } })
    }

    static func secret(_ name: String, _ path: Path<Secret?>, _ summary: String) -> Self {
        make(
            name, .text, path, summary, Traits(isSecret: true), parse: { $0.text.map { Secret($0) as Secret? } },
            items: { $0.map { [$0.description] } })
    }

    static func list(_ name: String, _ path: Path<[String]>, _ summary: String, _ traits: Traits = Traits()) -> Self {
        make(name, .list, path, summary, traits, parse: { $0.items }, items: { $0 })
    }

    static func properties(_ name: String, _ path: Path<[BridgeConfiguration.Property]>, _ summary: String) -> Self {
        make(
            name, .properties, path, summary, Traits(),
            parse: { value in
                let properties = value.items.compactMap { BridgeConfiguration.Property($0) }
                return properties.count == value.items.count ? properties : nil
            },
            items: { $0.map(\.description) })
    }

    static func integer(_ name: String, _ path: Path<Int>, _ summary: String, _ traits: Traits = Traits()) -> Self {
        make(name, .integer, path, summary, traits, parse: { $0.text.flatMap { Int($0) } }, items: { ["\($0)"] })
    }

    static func integer(_ name: String, _ path: Path<Int?>, _ summary: String, _ traits: Traits = Traits()) -> Self {
        make(
            name, .integer, path, summary, traits, parse: { $0.text.flatMap { Int($0) }.map(Optional.some) },
            items: { $0.map { ["\($0)"] } })
    }

    static func number(_ name: String, _ path: Path<Double>, _ summary: String, _ traits: Traits = Traits()) -> Self {
        make(name, .number, path, summary, traits, parse: { $0.text.flatMap(plainNumber) }, items: { ["\($0)"] })
    }

    static func number(_ name: String, _ path: Path<Double?>, _ summary: String, _ traits: Traits = Traits()) -> Self {
        make(
            name, .number, path, summary, traits, parse: { $0.text.flatMap(plainNumber).map(Optional.some) },
            items: { $0.map { ["\($0)"] } })
    }

    static func boolean(_ name: String, _ path: Path<Bool>, _ summary: String) -> Self {
        make(name, .boolean, path, summary, Traits(), parse: { $0.text.flatMap { Bool($0) } }, items: { ["\($0)"] })
    }

    static func duration(
        _ name: String, _ path: Path<Duration>, _ summary: String, _ traits: Traits = Traits()
    ) -> Self {
        make(
            name, .duration, path, summary, traits, parse: { $0.text.flatMap(DurationText.parse) },
            items: { [DurationText.text($0)] })
    }

    static func duration(
        _ name: String, _ path: Path<Duration?>, _ summary: String, _ traits: Traits = Traits()
    ) -> Self {
        make(
            name, .duration, path, summary, traits,
            parse: { $0.text.flatMap(DurationText.parse).map(Optional.some) },
            items: { $0.map { [DurationText.text($0)] } })
    }

    static func size(_ name: String, _ path: Path<Int>, _ summary: String) -> Self {
        make(
            name, .size, path, summary, Traits(), parse: { $0.text.flatMap(ByteSizeText.parse) },
            items: { [ByteSizeText.text($0)] })
    }

    static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ path: Path<Value>, _ summary: String, _ traits: Traits = Traits()
    ) -> Self {
        make(
            name, .choice(Value.allCases.map(\.rawValue)), path, summary, traits,
            parse: { $0.text.flatMap { Value(rawValue: $0) } }, items: { [$0.rawValue] })
    }

    static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ path: Path<Value?>, _ summary: String, _ traits: Traits
    ) -> Self {
        make(
            name, .choice(Value.allCases.map(\.rawValue)), path, summary, traits,
            parse: { $0.text.flatMap { Value(rawValue: $0) }.map(Optional.some) },
            items: { $0.map { [$0.rawValue] } })
    }

    /// A decimal number: none of what `Double` reads besides, such as `nan`, `inf` or hexadecimal.
    private static func plainNumber(_ text: String) -> Double? {
        guard text.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }), let number = Double(text),
            number.isFinite
        else { return nil }
        return number
    }
}
