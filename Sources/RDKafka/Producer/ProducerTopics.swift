internal import Synchronization

/// A producer's topics, each once. They outlive the records that name them.
final class ProducerTopics: Sendable {
    private let topics = Mutex<[String: ProducerTopic]>([:])

    func topic(_ name: String, _ client: NativeClient) throws(KafkaError) -> ProducerTopic {
        if let known = topics.withLock({ $0[name] }) { return known }
        let topic = try ProducerTopic(name, client)
        return topics.withLock { topics in
            if let known = topics[name] { return known }
            topics[name] = topic
            return topic
        }
    }
}
