import IntegrationBridge
import Testing

@Suite("Keys that go together") struct CrossKeyTests {
    @Test("an output topic that is read is refused, since the bridge would read what it writes")
    func loop() {
        let problems = Loading.problems(["requests.topics": "a,b", "integrations.topic": "a", "failures.topic": "b"])
        #expect(problems.map(\.key) == ["integrations.topic", "failures.topic"])
        #expect(problems.allSatisfy { $0.code == .conflict && $0.message.contains("requests.topics") })
        // The default of one key can clash with another that is given.
        #expect(Loading.problems(["requests.topics": "integrations"]).map(\.key) == ["integrations.topic"])
    }

    @Test("apiKey needs a key and one of secret and secretFile, and says which is missing")
    func apiKey() {
        #expect(Loading.problems(["api.auth": "apiKey"]).map(\.key) == ["api.key", "api.secretFile"])
        #expect(Loading.problems(["api.auth": "apiKey", "api.key": "k"]).map(\.key) == ["api.secretFile"])
        #expect(Loading.problems(["api.auth": "apiKey", "api.secret": "s"]).map(\.key) == ["api.key"])
        #expect(Loading.messages(["api.auth": "apiKey", "api.key": "k", "api.secret": "s"]) == "")
        #expect(Loading.messages(["api.auth": "apiKey", "api.key": "k", "api.secretFile": "f"]) == "")
        let missing = Loading.problems(["api.auth": "apiKey"])
        #expect(missing.allSatisfy { $0.code == .missingValue && $0.source == .code })
        #expect(missing.first?.message.contains("INTEGRATION_BRIDGE_API_KEY") == true)
        let inFile = Loading.problems("api:\n  auth: apiKey\n", [:]).first { $0.key == "api.key" }
        #expect(inFile?.message.contains("in ") == true && inFile?.message.contains(".yaml") == true)
    }

    @Test("sts needs an identity pool and a subject token's file, and says which is missing")
    func sts() {
        let missing = Loading.problems(["api.auth": "sts"])
        #expect(missing.map(\.key) == ["api.sts.identityPoolId", "api.sts.subjectTokenFile"])
        #expect(missing.allSatisfy { $0.code == .missingValue })
        #expect(
            Loading.problems(["api.auth": "sts", "api.sts.subjectTokenFile": "f"]).map(\.key)
                == ["api.sts.identityPoolId"])
        #expect(
            Loading.messages(
                ["api.auth": "sts", "api.sts.identityPoolId": "p", "api.sts.subjectTokenFile": "f"]) == "")
    }

    @Test("secret and secretFile together are refused whatever the authentication, and neither is shown")
    func twoSecrets() {
        let problems = Loading.problems(["api.secret": "hush-marker", "api.secretFile": "f"])
        #expect(problems.map(\.code) == [.conflict])
        #expect(problems.map(\.key) == ["api.secret"])
        #expect(!"\(problems)".contains("hush-marker"))
    }

    @Test("a key that was refused is not refused again for what its default lacks")
    func once() {
        #expect(Loading.problems(["kafka.bootstrapServers": "a:x"]).map(\.key) == ["kafka.bootstrapServers"])
        let problems = Loading.problems("kafka:\n  bootstrapServers: [[]]\n", [:])
        #expect(problems.filter { $0.key == "kafka.bootstrapServers" }.count == 1)
    }

    @Test("the first wait may be as long as the longest, but not longer")
    func backoff() {
        #expect(Loading.messages(["lookup.backoff.initial": "3s", "lookup.backoff.max": "3s"]) == "")
        let problems = Loading.problems(["lookup.backoff.initial": "4s", "lookup.backoff.max": "3s"])
        #expect(problems.map(\.code) == [.conflict])
        #expect(problems.first?.message.contains("4s is more than lookup.backoff.max, 3s") == true)
    }

    @Test("an order that contradicts the guarantee is refused, and one that it implies is not")
    func order() {
        let contradiction = Loading.problems(["delivery.guarantee": "exactlyOnce", "delivery.order": "unordered"])
        #expect(contradiction.contains { $0.code == .conflict && $0.key == "delivery.order" })
        let implied = Loading.problems(["delivery.guarantee": "exactlyOnce", "delivery.order": "partition"])
        #expect(!implied.contains { $0.code == .conflict })
    }
}
