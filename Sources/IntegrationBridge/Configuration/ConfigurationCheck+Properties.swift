internal import RDKafka

extension ConfigurationCheck {
    /// Which Kafka client a setting is for.
    enum KafkaClient {
        case consumer, producer
    }

    /// Finds what the Kafka client would refuse, before any client is made.
    ///
    /// librdkafka knows the settings of both clients, and only warns of one that the other alone obeys: so such a
    /// setting may stand in `kafka.properties`.
    mutating func properties(
        _ key: String, _ properties: [BridgeConfiguration.Property], for clients: [KafkaClient]
    ) {
        var names: Set<String> = []
        for property in properties {
            if !names.insert(property.name).inserted {
                add(.invalidValue, key, "'\(property.name)' is given twice; keep one of them")
            } else if let reason = Self.refusal(of: property, for: clients) {
                add(.invalidValue, key, reason)
            }
        }
    }

    private static func refusal(
        of property: BridgeConfiguration.Property, for clients: [KafkaClient]
    ) -> String? {
        // C would read no further than the NUL, and set what nobody wrote.
        if property.name.utf8.contains(0) || property.value.utf8.contains(0) {
            return "a setting holds a NUL character; remove it"
        }
        let property = KafkaProperty(property.name, property.value)
        do throws(KafkaError) {
            for client in clients {
                switch client {
                case .consumer: try KafkaProperty.validate(consumerProperties: [property])
                case .producer: try KafkaProperty.validate(producerProperties: [property])
                }
            }
            return nil
        } catch {
            return error.message
        }
    }
}
