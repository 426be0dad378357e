import IntegrationBridge
import Testing

@Suite("Settings of librdkafka") struct KafkaPropertiesTests {
    @Test(
        "what the bridge must own is refused for the client that owns it, and for both in kafka.properties",
        arguments: [
            ("enable.auto.commit=true", ["kafka.properties", "kafka.consumerProperties"]),
            ("auto.offset.reset=latest", ["kafka.properties", "kafka.consumerProperties"]),
            ("group.id=other", ["kafka.properties", "kafka.consumerProperties"]),
            ("acks=1", ["kafka.properties", "kafka.producerProperties"]),
            ("enable.idempotence=false", ["kafka.properties", "kafka.producerProperties"]),
            ("transactional.id=t", ["kafka.properties", "kafka.consumerProperties", "kafka.producerProperties"]),
            ("bootstrap.servers=a:1", ["kafka.properties", "kafka.consumerProperties", "kafka.producerProperties"]),
            ("rebalance_cb=x", ["kafka.properties", "kafka.consumerProperties", "kafka.producerProperties"]),
        ])
    func owned(property: String, keys: [String]) {
        let name = property.prefix { $0 != "=" }
        for key in keys {
            let problems = Loading.problems([key: property])
            #expect(problems.map(\.key) == [key])
            #expect(problems.first?.message.contains("'\(name)' cannot be set: ") == true)
        }
    }

    @Test(
        "an unknown name and a bad value are found before any client is made",
        arguments: ["kafka.properties", "kafka.consumerProperties", "kafka.producerProperties"])
    func unknown(key: String) {
        #expect(Loading.messages([key: "no.such.thing=1"]).contains("'no.such.thing' is refused"))
        #expect(
            Loading.messages([key: "client.id=x,socket.timeout.ms=soon"]).contains("'socket.timeout.ms' is refused"))
        #expect(Loading.problems([key: "no.such.thing=1,nor.this=1"]).count == 2)
    }

    @Test("what only one client obeys may stand for both, and a client's own list may say it again")
    func oneSided() throws {
        let loaded = try Loading.load([
            "kafka.properties": "linger.ms=1,fetch.min.bytes=2,client.id=both",
            "kafka.consumerProperties": "client.id=reads", "kafka.producerProperties": "client.id=writes,linger.ms=9",
        ])
        #expect(loaded.kafka.properties.map(\.description) == ["linger.ms=1", "fetch.min.bytes=2", "client.id=both"])
        #expect(loaded.kafka.producerProperties.map(\.value) == ["writes", "9"])
    }

    @Test("what Confluent Cloud needs is taken, and its password is shown to nobody")
    func confluentCloud() throws {
        let loaded = try Loading.load(
            """
            kafka:
              properties:
                - security.protocol=SASL_SSL
                - sasl.mechanism=PLAIN
                - sasl.username=key
                - sasl.password=a=b,hush-marker
            """)
        #expect(loaded.kafka.properties.last?.value == "a=b,hush-marker")
        var dumped = ""
        dump(loaded, to: &dumped)
        #expect(!dumped.contains("hush-marker"))
        #expect(!String(reflecting: loaded).contains("hush-marker"))
        let key = try #require(BridgeConfiguration.keys.first { $0.name == "kafka.properties" })
        #expect(key.items(in: loaded)?.last == "sasl.password=***")
        #expect(key.text(in: loaded)?.contains("hush-marker") == false)
    }

    @Test("a setting without a name or '=', given twice, or with a NUL is refused, and no value is shown")
    func malformed() {
        for text in ["hush-marker", "=hush-marker", " =hush-marker"] {
            let messages = Loading.messages(["kafka.properties": text])
            #expect(messages.contains("not name=value"))
            #expect(!messages.contains("hush-marker"))
        }
        let twice = Loading.messages(["kafka.properties": "sasl.password=hush-marker,sasl.password=hush-marker"])
        #expect(twice.contains("'sasl.password' is given twice"))
        #expect(!twice.contains("hush-marker"))
        let cut = Loading.messages("kafka:\n  properties: [\"client.id=a\\0b\"]\n")
        #expect(cut.contains("NUL"))
        let secret = Loading.messages(["kafka.properties": "enable.ssl.certificate.verification=hush-marker"])
        #expect(secret.contains("'enable.ssl.certificate.verification' is refused"))
    }

    @Test("the value begins after the first '=', without white space around it, and may be empty")
    func values() {
        typealias Property = BridgeConfiguration.Property
        #expect(Property("a=b=c") == Property(name: "a", value: "b=c"))
        #expect(Property(" a = b ") == Property(name: "a", value: "b"))
        #expect(Property("a=") == Property(name: "a", value: ""))
        #expect(Property("a") == nil)
        #expect(Property("=b") == nil)
    }
}
