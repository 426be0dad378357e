import BridgeConfigurationFile
import IntegrationBridge
import Testing

@Suite("Loading") struct LoadingTests {
    /// A value of the key's kind that is not its default.
    static func sample(_ key: ConfigurationKey) -> String {
        switch key.name {
        case "api.auth": return "none"
        case "delivery.guarantee", "delivery.order": return key.defaultText ?? ""
        case "api.baseUrl": return "https://example.test/base"
        case "api.proxyUrl": return "http://proxy.test:3128"
        case "requests.idPointer": return "/a/b"
        case "lookup.backoff.initial": return "150ms"
        default: break
        }
        switch key.kind {
        case .text: return "some-text"
        case .list: return "one,two"
        case .properties: return "client.rack=x"
        case .integer: return "7"
        case .number: return "0.25"
        case .boolean: return "true"
        case .duration: return "42s"
        case .size: return "128KiB"
        case .choice(let words): return words.last ?? ""
        }
    }

    @Test("every key is set by the environment and reads back", arguments: BridgeConfiguration.keys.map(\.name))
    func environment(name: String) throws {
        let key = try #require(BridgeConfiguration.keys.first { $0.name == name })
        var environment = Loading.base
        environment[key.environmentVariable] = Self.sample(key)
        let loaded = try Loading.load("", environment)
        #expect(key.text(in: loaded) == (key.isSecret ? "***" : Self.sample(key)))
    }

    @Test("every key is set by the file and reads back", arguments: BridgeConfiguration.keys.map(\.name))
    func file(name: String) throws {
        let key = try #require(BridgeConfiguration.keys.first { $0.name == name })
        var environment = Loading.base
        environment[key.environmentVariable] = nil
        let parts = key.name.split(separator: ".")
        var yaml = ""
        for (depth, part) in parts.enumerated() { yaml += String(repeating: "  ", count: depth) + part + ":\n" }
        let value = key.kind.isList ? "[\(Self.sample(key))]" : Self.sample(key)
        yaml.removeLast()
        yaml += " \(value)\n"
        let loaded = try Loading.load(yaml, environment)
        #expect(key.text(in: loaded) == (key.isSecret ? "***" : Self.sample(key)))
    }

    @Test("a mistake names file, line, key, what is accepted and the nearest key, and all are told at once")
    func mistakes() {
        let text = Loading.messages(
            "api:\n  timeout: 10 sec\nlookup:\n  maxInFligt: 3\noutput:\n  redact: webhookUrl\n")
        #expect(text.contains("bridge.yaml:2:12: api.timeout: '10 sec' is not taken; give a duration"))
        #expect(text.contains("bridge.yaml:4:15: lookup.maxInFligt: is no key; did you mean lookup.maxInFlight?"))
        #expect(text.contains("bridge.yaml:6:11: output.redact: 'webhookUrl' is not taken"))
        #expect(text.contains("did you mean webhookUrls?"))
    }

    @Test("a key twice, a second document, an alias, a tag and broken YAML are refused with their place")
    func forms() {
        #expect(Loading.messages("log:\n  level: info\n  level: debug\n").contains("log.level: is given twice"))
        #expect(
            Loading.messages("log:\n  level: info\nlog:\n  format: json\n").contains(
                "bridge.yaml:3:1: log: is given twice"))
        #expect(Loading.messages("log:\n  level: info\n---\nlog:\n").contains("second document"))
        #expect(Loading.messages("log:\n  level: &a info\n  format: *a\n").contains("anchor or a tag"))
        #expect(Loading.messages("log:\n\tlevel: info\n").contains("bridge.yaml:2:1: is not YAML"))
        #expect(Loading.messages("- a\n").contains("is no map of keys"))
    }

    @Test("a variable wins over the file, a mistake in one names it, and an unknown one is refused")
    func variables() throws {
        var environment = Loading.base
        environment["INTEGRATION_BRIDGE_API_TIMEOUT"] = "3s"
        #expect(try Loading.load("api:\n  timeout: 9s\n", environment).api.timeout == .seconds(3))
        environment["INTEGRATION_BRIDGE_API_TIMEOUT"] = "3"
        #expect(
            Loading.messages("", environment).contains("INTEGRATION_BRIDGE_API_TIMEOUT (api.timeout): '3' is not taken")
        )
        environment["INTEGRATION_BRIDGE_API_TIMEOUT"] = nil
        environment["INTEGRATION_BRIDGE_API_TIMOUT"] = "3s"
        #expect(Loading.messages("", environment).contains("did you mean INTEGRATION_BRIDGE_API_TIMEOUT?"))
    }

    @Test("no secret is in a message, a description or a dump")
    func secrets() throws {
        let marker = "hush-marker"
        var loaded = try Loading.load("api:\n  secret: \(marker)\n")
        loaded.kafka.properties = [.init(name: "sasl.password", value: marker)]
        var dumped = ""
        dump(loaded, to: &dumped)
        #expect(!dumped.contains(marker))
        #expect(!"\(loaded)".contains(marker))
        #expect(!BridgeConfiguration.keys.contains { $0.text(in: loaded)?.contains(marker) == true })
        #expect(!Loading.messages("kafka:\n  properties: ['sasl.password:\(marker)']\n").contains(marker))
        #expect(!Loading.messages("api:\n  secret: [\(marker)]\n").contains(marker))
        #expect(!Loading.messages("api:\n  baseUrl: https://u:\(marker)@host\n").contains(marker))
    }
}
