/// Records in the order in which they were fetched, of one assignment; several partitions may be mixed.
///
/// `@unchecked Sendable`: the memory is written before the batch exists, never after, and freed with it.
public final class RecordBatch: @unchecked Sendable {
    /// The partitions that occur.
    public let partitions: [AssignedPartition]
    /// How many records there are: at least one.
    public let count: Int
    /// What keys, values and headers take together, in bytes.
    public let byteCount: Int

    @usableFromInline let arena: UnsafeMutableRawPointer
    @usableFromInline let entries: UnsafeMutablePointer<RecordEntry>

    /// Takes over the memory.
    init(
        partitions: [AssignedPartition], count: Int, byteCount: Int, arena: UnsafeMutableRawPointer,
        entries: UnsafeMutablePointer<RecordEntry>
    ) {
        self.partitions = partitions
        self.count = count
        self.byteCount = byteCount
        self.arena = arena
        self.entries = entries
    }

    deinit {
        arena.deallocate()
        entries.deallocate()
    }

    /// A copy of a record.
    ///
    /// - Parameter index: 0 ..< `count`.
    public subscript(index: Int) -> Record {
        let view = view(index)
        let partition = partitions[view.partitionIndex].topicPartition
        return Record(
            topic: partition.topic, partition: partition.partition, offset: view.offset,
            timestamp: view.timestamp < 0 ? nil : view.timestamp,
            timestampKind: Record.TimestampKind(rawValue: entries[index].timestampKind) ?? .none,
            key: view.key.map { [UInt8]($0) }, value: view.value.map { [UInt8]($0) },
            headers: view.headers.map { name, value in
                RecordHeader(name: String(decoding: name, as: UTF8.self), value: value.map { [UInt8]($0) })
            })
    }

    /// A record where it lies.
    ///
    /// - Parameter index: 0 ..< `count`.
    @inlinable
    package func view(_ index: Int) -> RecordView {
        precondition(index >= 0 && index < count, "There is no such record in the batch.")
        let entry = entries[index]
        let start = UnsafeRawPointer(arena + entry.start)
        let keyLength = Int(entry.keyLength)
        let valueLength = Int(entry.valueLength)
        let value = start + Swift.max(keyLength, 0)
        let headers = value + Swift.max(valueLength, 0)
        return RecordView(
            partitionIndex: Int(entry.partitionIndex), offset: entry.offset, timestamp: entry.timestamp,
            key: keyLength < 0 ? nil : UnsafeRawBufferPointer(start: start, count: keyLength),
            value: valueLength < 0 ? nil : UnsafeRawBufferPointer(start: value, count: valueLength),
            headers: HeadersView(bytes: UnsafeRawBufferPointer(start: headers, count: Int(entry.headersLength))))
    }
}
