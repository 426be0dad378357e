internal import CLibRDKafka

/// Owner of a `rd_kafka_t`.
///
/// Whoever asks something of the handle holds a reference to this object for as long, so the handle is destroyed only
/// when nobody can use it any more, and on a thread of its own: `rd_kafka_destroy` may block for long.
///
/// `@unchecked Sendable`: librdkafka's handles may be used from any thread; the pointer never changes.
final class NativeClient: @unchecked Sendable {
    enum Kind {
        case consumer
        case producer
    }

    let handle: OpaquePointer
    /// Fires when the handle is gone.
    let destroyed = Signal()
    private let kind: Kind

    init(_ kind: Kind, _ configuration: consuming NativeConfiguration) throws(KafkaError) {
        self.kind = kind
        handle = try configuration.makeHandle(kind == .consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER)
        if kind == .consumer {
            // Everything on one queue: errors, statistics and the rest of the main queue too.
            rd_kafka_poll_set_consumer(handle)
        }
    }

    deinit {
        let address = UInt(bitPattern: handle)
        let flags = kind == .consumer ? RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE : 0
        let destroyed = destroyed
        // Without a thread to destroy it on, the handle is left to the process's end: a leak is better than a block here.
        try? KafkaThread.start(name: "kafka-destroy") {
            rd_kafka_destroy_flags(OpaquePointer(bitPattern: address), flags)
            destroyed.fire()
        }
    }

    /// The fatal error that was met, if any: nothing more works on this handle then.
    var fatalError: KafkaError? {
        var text = [CChar](repeating: 0, count: 512)
        let code = rd_kafka_fatal_error(handle, &text, text.count)
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return KafkaError(
            KafkaError.Code(code), "The Kafka client met a fatal error: \(String(nullTerminated: text))", isFatal: true)
    }
}

extension String {
    /// Up to the first zero.
    init(nullTerminated characters: [CChar]) {
        self = String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
