import IntegrationBridge
import Testing

@Suite("Ranges") struct RangeTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let key: String
        let accepted: [String]
        let refused: [String]
        var testDescription: String { key }

        init(_ key: String, accepted: [String], refused: [String]) {
            self.key = key
            self.accepted = accepted
            self.refused = refused
        }
    }

    static let topic249 = String(repeating: "t", count: 249)

    static let rows = [
        Row(
            "kafka.bootstrapServers",
            accepted: [
                "a", "a:9092", "a:1,b:65535", "10.0.0.1:9092", "[::1]:9092", "SASL_SSL://a:9092", "pkc-1.x_y:9092",
            ],
            refused: [
                "", "a b:9092", "a:", "a:0", "a:65536", "a:x", "a:+1", ":9092", "a:9092/x", "[::1", "u:p@a:9092",
                "http://a:9092",
            ]),
        Row(
            "requests.topics", accepted: ["a", "a,b", "A.b_c-9", "...", topic249],
            refused: ["", ".", "..", "a b", "a/b", "\u{E4}", "a,a", topic249 + "t", "^a.*"]),
        Row("requests.groupId", accepted: ["a", "a b"], refused: ["", "a\nb", "a\u{0}b"]),
        Row(
            "requests.idPointer", accepted: ["", "/", "/a", "/a/0/b", "/a~0b~1c", "//", "/a b"],
            refused: ["a", "integration_id", "/a~", "/a~2", "/~/b", "#/a"]),
        Row("integrations.topic", accepted: [topic249], refused: ["", ".", "a,b", topic249 + "t"]),
        Row(
            "failures.topic", accepted: [topic249, "integrations"], refused: ["", "..", "a\n", "integration-lookups"]),
        Row("api.key", accepted: ["k"], refused: ["", "key:secret", "a\nb"]),
        Row("api.secret", accepted: ["s:t u"], refused: ["", "a\nb", "a\u{0}"]),
        Row("api.secretFile", accepted: ["a"], refused: ["", "a\u{0}b"]),
        Row("api.sts.identityPoolId", accepted: ["a"], refused: [""]),
        Row("api.sts.subjectTokenFile", accepted: ["a"], refused: [""]),
        Row("api.sts.expiresIn", accepted: ["1s", "15m"], refused: ["999ms", "901s", "1d"]),
        Row("api.timeout", accepted: ["1ms", "1h"], refused: ["0s", "3601s"]),
        Row("api.tls.caFile", accepted: ["a"], refused: [""]),
        Row("api.allowInsecure", accepted: ["true", "false"], refused: ["", "yes", "TRUE", "1"]),
        Row(
            "lookup.maxInFlight", accepted: ["1", "10000"],
            refused: ["0", "10001", "-1", "1.5", "", "9223372036854775808"]),
        Row("lookup.maxHeldBytes", accepted: ["64KiB", "1GiB"], refused: ["65535", "0"]),
        Row("lookup.maxAttempts", accepted: ["1", "1000"], refused: ["0", "1001"]),
        Row("lookup.retryFor", accepted: ["0s", "1d"], refused: ["86401s"]),
        Row("lookup.backoff.initial", accepted: ["1ms", "10s"], refused: ["0s", "2d"]),
        Row("lookup.backoff.max", accepted: ["200ms", "1d"], refused: ["0s", "86401s"]),
        Row(
            "lookup.maxRequestsPerSecond", accepted: ["0.001", "1", "1e3"],
            refused: ["0", "-1", "nan", "inf", "0x1", "1e999"]),
        Row("breaker.failureRatio", accepted: ["0", "0.5", "1"], refused: ["-0.1", "1.1", "nan"]),
        Row("breaker.window", accepted: ["0s", "1d"], refused: ["86401s"]),
        Row("breaker.minimumCalls", accepted: ["1", "1000000"], refused: ["0", "1000001"]),
        Row("breaker.openFor", accepted: ["0s", "1d"], refused: ["86401s"]),
        Row("cache.maxBytes", accepted: ["0", "1"], refused: ["-1", "x"]),
        Row("cache.ttl", accepted: ["0s", "366d"], refused: ["367d"]),
        Row("cache.negativeTtl", accepted: ["0s", "366d"], refused: ["367d"]),
        Row("cache.staleWhileRevalidate", accepted: ["0s", "366d"], refused: ["367d"]),
        Row("cache.staleIfError", accepted: ["0s", "366d"], refused: ["367d"]),
        Row("delivery.transactionalId", accepted: ["a"], refused: [""]),
        Row("delivery.commitInterval", accepted: ["10ms", "1m"], refused: ["9ms", "61s"]),
        Row("output.requestValueLimit", accepted: ["0", "1MiB"], refused: ["1048577"]),
        Row("replay.quotaShare", accepted: ["0.001", "1"], refused: ["0", "1.001", "-0.5"]),
        Row("operations.host", accepted: ["0.0.0.0", "::"], refused: [""]),
        Row("operations.port", accepted: ["0", "65535"], refused: ["-1", "65536"]),
        Row("shutdown.gracePeriod", accepted: ["0s", "1h"], refused: ["3601s"]),
        Row("requests.startFrom", accepted: ["latest"], refused: ["", "Latest", "never"]),
        Row("log.level", accepted: ["trace", "error"], refused: ["notice", "critical", "INFO"]),
    ]

    @Test("both ends of a range are taken, and what is past them is refused by key and variable", arguments: rows)
    func ends(row: Row) throws {
        let key = try #require(BridgeConfiguration.keys.first { $0.name == row.key })
        for text in row.accepted {
            // Credentials without the key that goes with them are no mistake while auth is none.
            #expect(Loading.messages("", Self.environment(key, text)) == "", "\(text)")
        }
        for text in row.refused {
            let problems = Loading.problems("", Self.environment(key, text))
            let own = problems.filter { $0.key == key.name }
            #expect(!own.isEmpty, "\(text)")
            for problem in own {
                #expect(problem.source == .environment(variable: key.environmentVariable), "\(text)")
                #expect(problem.description.hasPrefix("\(key.environmentVariable) (\(key.name)): "))
                #expect(!problem.description.contains("\n"), "\(problem)")
            }
        }
    }

    @Test("every key whose value has bounds is tried at them")
    func complete() {
        let free: Set = [
            "kafka.properties", "kafka.consumerProperties", "kafka.producerProperties", "api.baseUrl", "api.auth",
            "api.proxyUrl", "api.onUnauthorized", "delivery.guarantee", "delivery.order", "output.key",
            "output.redact", "log.format",
        ]
        let tried = Set(Self.rows.map(\.key))
        #expect(Set(BridgeConfiguration.keys.map(\.name)).subtracting(free) == tried)
    }

    @Test("a host's own numbers are held to the same ranges, those that no text can give included")
    func code() {
        var configuration = BridgeConfiguration(bootstrapServers: "a:1")
        configuration.api.auth = .none
        configuration.breaker.failureRatio = .nan
        configuration.replay.quotaShare = .nan
        configuration.lookup.maxRequestsPerSecond = .infinity
        configuration.cache.maxBytes = -1
        configuration.cache.ttl = .milliseconds(-1)
        configuration.api.timeout = .zero
        do throws(BridgeConfigurationError) {
            try configuration.validate()
            Issue.record("nothing was refused")
        } catch {
            #expect(
                Set(error.problems.compactMap(\.key)) == [
                    "breaker.failureRatio", "replay.quotaShare", "lookup.maxRequestsPerSecond", "cache.maxBytes",
                    "cache.ttl", "api.timeout",
                ])
            #expect(error.problems.allSatisfy { $0.source == .code && $0.code == .invalidValue })
            #expect(error.code == .invalidValue)
            #expect(error.description.split(separator: "\n").count == 6)
        }
    }

    private static func environment(_ key: ConfigurationKey, _ text: String) -> [String: String] {
        var environment = Loading.base
        environment[key.environmentVariable] = text
        return environment
    }
}
