import IntegrationBridge
import Testing

@Suite("Forms of YAML") struct YAMLFormTests {
    @Test("a byte order mark, CR LF, comments, document marks and flow style change nothing")
    func harmless() throws {
        let wanted = try Loading.load("log:\n  level: debug\n  format: json\n")
        for text in [
            "\u{FEFF}log:\n  level: debug\n  format: json\n", "log:\r\n  level: debug\r\n  format: json\r\n",
            "# c\n---\nlog: # c\n  level: 'debug'\n  format: \"json\"\n...\n", "{log: {level: debug, format: json}}",
            "log:\n  level: debug\n  format: >-\n    json\n",
        ] {
            #expect(try Loading.load(text) == wanted, "\(text)")
        }
    }

    @Test("nothing, only comments, and null groups or keys leave the defaults")
    func nulls() throws {
        let wanted = try Loading.load("")
        for text in ["# c\n", "---\n", "~\n", "log:\n", "log: ~\nkafka: null\n", "log:\n  level:\n", "api:\n  sts:\n"] {
            #expect(try Loading.load(text) == wanted, "\(text)")
        }
    }

    @Test("null in quotes is a text, and numbers and booleans are what they look like")
    func scalars() throws {
        let loaded = try Loading.load(
            "requests: {groupId: 'null', idPointer: ''}\napi: {allowInsecure: true}\nlookup: {maxInFlight: 7}\n"
                + "cache: {maxBytes: 0}\nreplay: {quotaShare: 1}\nfailures: {topic: 12}\n")
        #expect(loaded.requests.groupID == "null")
        #expect(loaded.requests.idPointer == "")
        #expect(loaded.api.allowInsecure)
        #expect(loaded.lookup.maxInFlight == 7)
        #expect(loaded.cache.maxBytes == 0)
        #expect(loaded.replay.quotaShare == 1)
        #expect(loaded.failures.topic == "12")
    }

    @Test("a list is a sequence, or one text with commas; commas in a sequence's items are their own")
    func lists() throws {
        #expect(try Loading.load("requests: {topics: 'a, b'}\n").requests.topics == ["a", "b"])
        #expect(try Loading.load("requests:\n  topics:\n    - a\n    - b\n").requests.topics == ["a", "b"])
        let loaded = try Loading.load("kafka:\n  properties:\n    - 'client.id=a,b'\n")
        #expect(loaded.kafka.properties == [.init(name: "client.id", value: "a,b")])
    }

    @Test("bytes that are not UTF-8, and control characters, are refused where they stand")
    func badBytes() {
        for bad: [UInt8] in [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0x00], [0x07], [0xF4, 0x90, 0x80, 0x80],
        ] {
            let problems = Loading.problems(bytes: Array("log:\n  level: ".utf8) + bad + Array("\n".utf8))
            #expect(problems.map(\.code) == [.syntax], "\(bad)")
            #expect(problems.first?.message.hasPrefix("is not YAML: ") == true, "\(bad)")
        }
        #expect(Loading.problems(bytes: [0xEF, 0xBB, 0xBF]).isEmpty)
    }

    @Test("a text that cannot be read to its end is not said to lack what may stand behind")
    func cut() {
        let problems = Loading.problems("log: [\nkafka: {bootstrapServers: 'a:1'}\n", [:])
        #expect(problems.map(\.code) == [.syntax])
    }

    @Test("maps nested too deeply end in an error, and so do brackets without end")
    func depth() {
        func nested(_ depth: Int) -> String {
            (0..<depth).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        }
        #expect(Loading.messages(nested(16)).contains("is no key"))
        #expect(!Loading.messages(nested(16)).contains("nested too deeply"))
        #expect(Loading.messages(nested(17)).contains("bridge.yaml:17:17: is nested too deeply"))
        #expect(Loading.problems("kafka: " + String(repeating: "[", count: 100_000)).map(\.code) == [.syntax])
        #expect(Loading.problems("kafka: " + String(repeating: "{a: ", count: 100_000)).map(\.code) == [.syntax])
    }

    @Test("an alias, a tag, an anchor, a merge and a key that is no text are refused")
    func decorations() {
        #expect(Loading.messages("log: *a\n").contains("alias"))
        #expect(Loading.messages("log: !!map {level: info}\n").contains("anchor or a tag"))
        #expect(Loading.messages("log: &a {level: info}\n").contains("anchor or a tag"))
        #expect(Loading.messages("log:\n  <<: {level: info}\n").contains("log.<<.level: is no key"))
        #expect(Loading.messages("? [a]\n: b\n").contains("is no key"))
        #expect(Loading.messages("requests: {topics: [a, [b]]}\n").contains("requests.topics: an item is a text"))
        #expect(Loading.messages("requests: {topics: [a, null]}\n").contains("requests.topics: an item is a text"))
    }

    @Test("a dotted name, a map where a value belongs and a value where a map belongs say what to write")
    func shapes() {
        #expect(Loading.messages("log.level: info\n").contains("bridge.yaml:1:1: 'log.level' holds a dot"))
        #expect(
            Loading.messages("log: {level: {a: b}}\n").contains("log.level.a: is no key; log.level takes one of trace"))
        #expect(Loading.messages("log: info\n").contains("log: is no key"))
        #expect(Loading.messages("log: [info]\n").contains("log: is no key"))
        #expect(Loading.messages("log: {level: [info]}\n").contains("log.level: is a list; give one of trace"))
    }

    @Test("a file of nothing but mistakes gives up in time, and names the first of them")
    func manyMistakes() {
        let text = (0..<20_000).map { "aKeyThatIsLongEnoughToCompare\($0): x\n" }.joined()
        let problems = Loading.problems(text)
        #expect(problems.count == 100)
        #expect(problems.first?.key == "aKeyThatIsLongEnoughToCompare0")
    }
}
