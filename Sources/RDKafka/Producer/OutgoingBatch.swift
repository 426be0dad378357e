internal import CLibRDKafka

/// Records on their way to the library, in their order: their bytes in one piece of memory, which is used again.
///
/// `@unchecked Sendable`: it alone owns its memory and its headers, and is moved as a whole.
struct OutgoingBatch: ~Copyable, @unchecked Sendable {
    private struct Entry {
        var topic: OpaquePointer
        var headers: OpaquePointer?
        var timestamp: Int64
        var token: UInt64
        /// Where its key begins; its value follows.
        var start: Int
        /// -1 is a null.
        var keyCount: Int
        var valueCount: Int
        var partition: Int32
    }

    private var bytes = UnsafeMutableRawPointer.allocate(byteCount: Self.firstCapacity, alignment: 16)
    private var capacity = Self.firstCapacity
    private var entries: [Entry] = []
    /// The first entry that the library does not have yet.
    private var next = 0
    private(set) var byteCount = 0

    private static let firstCapacity = 64 << 10

    deinit {
        for entry in entries[next...] {
            if let headers = entry.headers { rd_kafka_headers_destroy(headers) }
        }
        bytes.deallocate()
    }

    /// Records that the library does not have yet.
    var count: Int { entries.count - next }

    /// - Parameter topic: stays valid for as long as the batch has the record.
    mutating func append(
        topic: OpaquePointer, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: OpaquePointer?, timestamp: Int64, token: UInt64
    ) {
        let (keyCount, valueCount) = (key?.count ?? 0, value?.count ?? 0)
        reserve(keyCount + valueCount)
        let start = bytes + byteCount
        if let key, let address = key.baseAddress { start.copyMemory(from: address, byteCount: keyCount) }
        if let value, let address = value.baseAddress {
            (start + keyCount).copyMemory(from: address, byteCount: valueCount)
        }
        entries.append(
            Entry(
                topic: topic, headers: headers, timestamp: timestamp, token: token, start: byteCount,
                keyCount: key == nil ? -1 : keyCount, valueCount: value == nil ? -1 : valueCount, partition: partition))
        byteCount += keyCount + valueCount
    }

    private mutating func reserve(_ count: Int) {
        guard byteCount + count > capacity else { return }
        let larger = max(capacity * 2, byteCount + count)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: bytes, byteCount: byteCount)
        bytes.deallocate()
        bytes = moved
        capacity = larger
    }

    /// Gives the next record to the library.
    ///
    /// - Returns: what the library says where it does not take it; the record stays the next one then.
    mutating func handOverNext(to client: NativeClient) -> OpaquePointer? {
        let entry = entries[next]
        let key = entry.keyCount < 0 ? nil : UnsafeRawPointer(bytes + entry.start)
        let value = entry.valueCount < 0 ? nil : UnsafeRawPointer(bytes + entry.start + max(0, entry.keyCount))
        let error = rdkafka_shim_produce(
            client.handle, entry.topic, entry.partition, key, max(0, entry.keyCount), value, max(0, entry.valueCount),
            entry.headers, entry.timestamp, entry.token)
        if error == nil { next += 1 }
        return error
    }

    /// Gives up the next record.
    ///
    /// - Returns: its token, and the name of its topic.
    mutating func dropNext() -> (token: UInt64, topic: String) {
        let entry = entries[next]
        next += 1
        if let headers = entry.headers { rd_kafka_headers_destroy(headers) }
        return (entry.token, String(cString: rd_kafka_topic_name(entry.topic)))
    }

    /// Gives up all that the library does not have.
    mutating func giveUp() -> [(token: UInt64, error: KafkaError)] {
        var failed: [(token: UInt64, error: KafkaError)] = []
        failed.reserveCapacity(count)
        while count > 0 {
            let (token, topic) = dropNext()
            let error = KafkaError(
                .purgedFromQueue, "A record for the topic '\(topic)' was given up before it was sent.", topic: topic)
            failed.append((token, error))
        }
        return failed
    }

    /// Makes it empty; the memory is kept, unless one large record made it large.
    mutating func removeAll(keeping most: Int) {
        while count > 0 { _ = dropNext() }
        entries.removeAll(keepingCapacity: true)
        next = 0
        byteCount = 0
        guard capacity > most else { return }
        bytes.deallocate()
        bytes = .allocate(byteCount: Self.firstCapacity, alignment: 16)
        capacity = Self.firstCapacity
    }
}
