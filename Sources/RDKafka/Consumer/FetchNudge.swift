internal import CLibRDKafka

/// Makes the library look whether its queue has room again.
///
/// Before 2.2.0 a fetcher whose queue was full looks again only when its thread wakes up, which without traffic is once a
/// second: a queue that is to bridge that second must hold a second's records, some tens of MiB. Setting the SASL
/// credentials (2.0.0), to what they are already, has the side effect of waking every broker's thread; where SASL is not
/// used, nothing reads them. From 2.2.0 on `fetch.queue.backoff.ms` does this job.
struct FetchNudge {
    static let isNeeded = LibRDKafka.versionNumber < 0x0202_0000

    /// The length from which on the fetcher stops.
    private let full: Int
    private let user: String
    private let password: String
    private var last = ContinuousClock.now

    init(_ properties: [KafkaProperty]) {
        func value(_ name: String) -> String? { properties.last { $0.name == name }?.value }
        full = value("queued.min.messages").flatMap { Int($0) } ?? ConsumerConfiguration.queuedMinMessages
        user = value("sasl.username") ?? ""
        password = value("sasl.password") ?? ""
    }

    /// Called after records were taken from the queue: wakes the fetcher where half of it is free, at most every 5 ms.
    mutating func recordsTaken(from queue: NativeQueue) {
        guard Self.isNeeded, Int(rd_kafka_queue_length(queue.pointer)) * 2 < full else { return }
        let now = ContinuousClock.now
        guard last.duration(to: now) >= .milliseconds(5) else { return }
        last = now
        if let error = rd_kafka_sasl_set_credentials(queue.client.handle, user, password) {
            rd_kafka_error_destroy(error)
        }
    }
}
