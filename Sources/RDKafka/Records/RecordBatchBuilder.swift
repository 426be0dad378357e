internal import CLibRDKafka

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Copies fetched messages, one after the other, into the memory of the batch that is to come.
///
/// Nothing is allocated for a record: memory grows by doubling, and a batch starts with what the one before needed.
struct RecordBatchBuilder: ~Copyable {
    private let maximumRecords: Int
    private let maximumBytes: Int

    private var assignment: [AssignedPartition] = []
    /// For each assigned partition its index in the batch, or -1.
    private var batchIndexes: [Int32] = []
    private var partitions: [AssignedPartition] = []
    private var assignedIndexes: [MessageSource: Int] = [:]
    private var lastSource: MessageSource?
    private var lastIndex: Int32 = -1

    private var arena: UnsafeMutableRawPointer?
    private var arenaCapacity = 0
    private(set) var byteCount = 0
    private var entries: UnsafeMutablePointer<RecordEntry>?
    private var entryCapacity = 0
    private(set) var count = 0
    private var usualBytes = 16 * 1_024
    private var usualCount = 64

    /// What the library gives with each message to tell its partition: compared, never followed.
    private struct MessageSource: Hashable {
        let topic: OpaquePointer?
        let partition: Int32
    }

    init(maximumRecords: Int, maximumBytes: Int) {
        self.maximumRecords = maximumRecords
        self.maximumBytes = maximumBytes
    }

    deinit {
        arena?.deallocate()
        entries?.deallocate()
    }

    var isEmpty: Bool { count == 0 }
    var isFull: Bool { count >= maximumRecords || byteCount >= maximumBytes }

    /// Drops what is there, and takes records of these partitions from now on.
    mutating func start(_ assignment: [AssignedPartition]) {
        self.assignment = assignment
        assignedIndexes.removeAll()
        drop()
    }

    /// Drops what is there.
    mutating func drop() {
        count = 0
        byteCount = 0
        forgetPartitions()
    }

    private mutating func forgetPartitions() {
        partitions.removeAll()
        batchIndexes = [Int32](repeating: -1, count: assignment.count)
        lastSource = nil
        lastIndex = -1
    }

    /// Copies a message.
    ///
    /// - Returns: false where its partition is not one of the assignment.
    mutating func append(_ message: UnsafePointer<rd_kafka_message_t>) -> Bool {
        let partitionIndex = batchIndex(
            of: MessageSource(topic: message.pointee.rkt, partition: message.pointee.partition))
        guard partitionIndex >= 0 else { return false }
        let start = byteCount
        let keyLength = appendBytes(message.pointee.key, message.pointee.key_len)
        let valueLength = appendBytes(message.pointee.payload, message.pointee.len)
        let headersStart = byteCount
        appendHeaders(of: message)
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let timestamp = rd_kafka_message_timestamp(message, &kind)
        reserveEntry().initialize(
            to: RecordEntry(
                start: start, offset: message.pointee.offset,
                timestamp: kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? -1 : timestamp, keyLength: keyLength,
                valueLength: valueLength, headersLength: Int32(byteCount - headersStart),
                partitionIndex: partitionIndex, timestampKind: UInt8(truncatingIfNeeded: kind.rawValue)))
        count += 1
        return true
    }

    private mutating func batchIndex(of source: MessageSource) -> Int32 {
        if source == lastSource { return lastIndex }
        guard let assigned = assignedIndex(of: source) else { return -1 }
        if batchIndexes[assigned] < 0 {
            batchIndexes[assigned] = Int32(partitions.count)
            partitions.append(assignment[assigned])
        }
        lastSource = source
        lastIndex = batchIndexes[assigned]
        return lastIndex
    }

    private mutating func assignedIndex(of source: MessageSource) -> Int? {
        if let known = assignedIndexes[source] { return known }
        guard let topic = source.topic else { return nil }
        let partition = TopicPartition(topic: String(cString: rd_kafka_topic_name(topic)), partition: source.partition)
        guard let index = assignment.firstIndex(where: { $0.topicPartition == partition }) else { return nil }
        assignedIndexes[source] = index
        return index
    }

    private mutating func appendBytes(_ bytes: UnsafeMutableRawPointer?, _ length: Int) -> Int32 {
        guard let bytes else { return -1 }
        if length > 0 { memcpy(reserve(length), bytes, length) }
        return Int32(length)
    }

    private mutating func appendHeaders(of message: UnsafePointer<rd_kafka_message_t>) {
        var headers: OpaquePointer?
        guard rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR, let headers else { return }
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        var index = 0
        while rd_kafka_header_get_all(headers, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
            index += 1
            guard let name else { continue }
            let nameLength = strlen(name)
            let lengths = reserve(8)
            lengths.storeBytes(of: Int32(nameLength), as: Int32.self)
            lengths.storeBytes(of: value == nil ? -1 : Int32(size), toByteOffset: 4, as: Int32.self)
            if nameLength > 0 { memcpy(reserve(nameLength), name, nameLength) }
            if let value, size > 0 { memcpy(reserve(size), value, size) }
        }
    }

    /// Room for so many bytes more, at the end.
    private mutating func reserve(_ length: Int) -> UnsafeMutableRawPointer {
        let needed = byteCount + length
        if needed > arenaCapacity { growArena(to: needed) }
        defer { byteCount = needed }
        // growArena made it: its capacity is above 0.
        return arena.unsafelyUnwrapped + byteCount
    }

    private mutating func growArena(to needed: Int) {
        let capacity = max(needed, arenaCapacity * 2, usualBytes)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        if let arena {
            larger.copyMemory(from: arena, byteCount: byteCount)
            arena.deallocate()
        }
        arena = larger
        arenaCapacity = capacity
    }

    private mutating func reserveEntry() -> UnsafeMutablePointer<RecordEntry> {
        if count == entryCapacity {
            let capacity = max(entryCapacity * 2, usualCount)
            let larger = UnsafeMutablePointer<RecordEntry>.allocate(capacity: capacity)
            if let entries {
                larger.update(from: entries, count: count)
                entries.deallocate()
            }
            entries = larger
            entryCapacity = capacity
        }
        return entries.unsafelyUnwrapped + count
    }

    /// Gives what was copied as a batch and starts anew; nil where there is nothing.
    mutating func finish() -> RecordBatch? {
        guard count > 0, let entries else { return nil }
        let arena = arena ?? UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 16)
        let batch = RecordBatch(
            partitions: partitions, count: count, byteCount: byteCount, arena: arena, entries: entries)
        usualBytes = max(1_024, byteCount + byteCount / 8)
        usualCount = max(16, count + count / 8)
        self.arena = nil
        self.entries = nil
        arenaCapacity = 0
        entryCapacity = 0
        count = 0
        byteCount = 0
        forgetPartitions()
        return batch
    }
}
