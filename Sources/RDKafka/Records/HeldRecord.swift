/// One record with its own copy of its bytes, for one that must wait: its batch can go.
///
/// `@unchecked Sendable`: the memory is written before the record exists, never after, and freed with it.
package final class HeldRecord: @unchecked Sendable {
    private let memory: UnsafeMutableRawPointer
    private let partitionIndex: Int
    private let offset: Int64
    private let timestamp: Int64
    private let keyLength: Int?
    private let valueLength: Int?
    private let headersLength: Int

    package init(copying record: RecordView) {
        partitionIndex = record.partitionIndex
        offset = record.offset
        timestamp = record.timestamp
        keyLength = record.key?.count
        valueLength = record.value?.count
        headersLength = record.headers.bytes.count
        let length = (keyLength ?? 0) + (valueLength ?? 0) + headersLength
        memory = .allocate(byteCount: max(length, 1), alignment: 1)
        var end = memory
        for part in [record.key, record.value, record.headers.bytes] {
            guard let part, let start = part.baseAddress else { continue }
            end.copyMemory(from: start, byteCount: part.count)
            end += part.count
        }
    }

    deinit {
        memory.deallocate()
    }

    /// The bytes of its key, value and headers.
    package var byteCount: Int { (keyLength ?? 0) + (valueLength ?? 0) + headersLength }

    /// The record where it lies now. Valid while this object is alive.
    package var view: RecordView {
        let start = UnsafeRawPointer(memory)
        let value = start + (keyLength ?? 0)
        return RecordView(
            partitionIndex: partitionIndex, offset: offset, timestamp: timestamp,
            key: keyLength.map { UnsafeRawBufferPointer(start: start, count: $0) },
            value: valueLength.map { UnsafeRawBufferPointer(start: value, count: $0) },
            headers: HeadersView(
                bytes: UnsafeRawBufferPointer(start: value + (valueLength ?? 0), count: headersLength)))
    }
}
