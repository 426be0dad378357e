import RDKafka
import Testing

@Suite("Kafka properties")
struct PropertyTests {
    @Test(
        "what the client must own is refused by name for a consumer",
        arguments: [
            "enable.auto.commit", "enable.auto.offset.store", "auto.offset.reset", "partition.assignment.strategy",
            "isolation.level", "group.id", "bootstrap.servers", "transactional.id", "enable.partition.eof",
            "rebalance_cb", "log.queue", "statistics.interval.ms",
        ])
    func consumerRefusals(_ name: String) throws {
        #expect(try #require(KafkaProperty.refusal(ofConsumerProperty: name)).contains("'\(name)'"))
        #expect { try KafkaProperty.validate(consumerProperties: [KafkaProperty(name, "x")]) } throws: {
            "\($0)".contains("'\(name)'")
        }
        var configuration = ConsumerConfiguration(bootstrapServers: "localhost:1", groupID: "g", topics: ["t"])
        configuration.properties = [KafkaProperty(name, "x")]
        #expect(throws: KafkaError.self) { try Consumer(configuration, delegate: RecordingDelegate()) }
    }

    @Test(
        "what the client must own is refused by name for a producer",
        arguments: [
            "enable.idempotence", "acks", "message.timeout.ms", "transactional.id", "transaction.timeout.ms",
            "dr_msg_cb", "log_cb",
        ])
    func producerRefusals(_ name: String) throws {
        #expect(try #require(KafkaProperty.refusal(ofProducerProperty: name)).contains("'\(name)'"))
        var configuration = ProducerConfiguration(bootstrapServers: "localhost:1")
        configuration.properties = [KafkaProperty(name, "x")]
        #expect(throws: KafkaError.self) { try Producer(configuration) { _ in } }
    }

    @Test("what users may set is allowed, and may replace a default")
    func allowed() throws {
        try KafkaProperty.validate(consumerProperties: [
            KafkaProperty("security.protocol", "SASL_SSL"), KafkaProperty("sasl.mechanism", "PLAIN"),
            KafkaProperty("sasl.username", "u"), KafkaProperty("sasl.password", "p"),
            KafkaProperty("group.instance.id", "one"), KafkaProperty("fetch.wait.max.ms", "10"),
        ])
        try KafkaProperty.validate(producerProperties: [
            KafkaProperty("linger.ms", "0"), KafkaProperty("compression.type", "zstd"),
        ])
    }

    @Test("an unknown property or a bad value is an error that names it, and shows no secret")
    func bad() throws {
        #expect { try KafkaProperty.validate(consumerProperties: [KafkaProperty("no.such.thing", "1")]) } throws: {
            "\($0)".contains("'no.such.thing'")
        }
        #expect { try KafkaProperty.validate(producerProperties: [KafkaProperty("linger.ms", "soon")]) } throws: {
            "\($0)".contains("'linger.ms'")
        }
        #expect {
            try KafkaProperty.validate(consumerProperties: [KafkaProperty("ssl.key.pem\u{2e}x", "hush")])
        } throws: {
            !"\($0)".contains("hush")
        }
        #expect("\(KafkaProperty("sasl.password", "hush"))" == "sasl.password=***")
        #expect("\([KafkaProperty("sasl.password", "hush")])" == "[sasl.password=***]")
        #expect("\(KafkaProperty("linger.ms", "5"))" == "linger.ms=5")
    }

    @Test("a dump of a property, or of a client's configuration, shows no password")
    func dumped() {
        let properties = [KafkaProperty("sasl.password", "hush"), KafkaProperty("linger.ms", "5")]
        var producer = ProducerConfiguration(bootstrapServers: "localhost:1")
        producer.properties = properties
        var consumer = ConsumerConfiguration(bootstrapServers: "localhost:1", groupID: "g", topics: ["t"])
        consumer.properties = properties
        for value in [properties[0], properties, producer, consumer] as [Any] {
            var text = ""
            dump(value, to: &text)
            #expect(text.contains("sasl.password"))
            #expect(!text.contains("hush"), "\(text)")
            #expect(value is KafkaProperty || text.contains("linger.ms"))
        }
    }

    @Test("what is missing is named", arguments: ["servers", "group", "topics", "pattern"])
    func missing(_ what: String) {
        let configuration = ConsumerConfiguration(
            bootstrapServers: what == "servers" ? "" : "localhost:1", groupID: what == "group" ? "" : "g",
            topics: what == "topics" ? [] : what == "pattern" ? ["^t.*"] : ["t"])
        #expect { try Consumer(configuration, delegate: RecordingDelegate()) } throws: {
            "\($0)".contains(what) && ($0 as? KafkaError)?.code == .invalidArgument
        }
    }
}
