/// One record with its own copy of its bytes, for one that must wait: its batch can go.
///
/// `@unchecked Sendable`: the memory is written before the record exists, never after, and freed with it.
package struct HeldRecord: @unchecked Sendable {
    /// What is known of the record besides its bytes, which follow in the same allocation.
    private struct Header {
        let partitionIndex: Int
        let offset: Int64
        let timestamp: Int64
        let keyLength: Int?
        let valueLength: Int?
        let headersLength: Int
    }

    private let storage: ManagedBuffer<Header, UInt8>

    package init(copying record: RecordView) {
        let header = Header(
            partitionIndex: record.partitionIndex, offset: record.offset, timestamp: record.timestamp,
            keyLength: record.key?.count, valueLength: record.value?.count, headersLength: record.headers.bytes.count)
        let length = (header.keyLength ?? 0) + (header.valueLength ?? 0) + header.headersLength
        byteCount = length
        storage = ManagedBuffer.create(minimumCapacity: length) { _ in header }
        storage.withUnsafeMutablePointerToElements { start in
            var end = UnsafeMutableRawPointer(start)
            func append(_ part: UnsafeRawBufferPointer?) {
                guard let part, let source = part.baseAddress else { return }
                end.copyMemory(from: source, byteCount: part.count)
                end += part.count
            }
            append(record.key)
            append(record.value)
            append(record.headers.bytes)
        }
    }

    /// The bytes of its key, value and headers.
    package let byteCount: Int

    /// The record where it lies now. Valid while a copy of this value is alive.
    package var view: RecordView {
        storage.withUnsafeMutablePointers { header, bytes in
            let start = UnsafeRawPointer(bytes)
            let header = header.pointee
            let value = start + (header.keyLength ?? 0)
            return RecordView(
                partitionIndex: header.partitionIndex, offset: header.offset, timestamp: header.timestamp,
                key: header.keyLength.map { UnsafeRawBufferPointer(start: start, count: $0) },
                value: header.valueLength.map { UnsafeRawBufferPointer(start: value, count: $0) },
                headers: HeadersView(
                    bytes: UnsafeRawBufferPointer(
                        start: value + (header.valueLength ?? 0), count: header.headersLength)))
        }
    }
}
