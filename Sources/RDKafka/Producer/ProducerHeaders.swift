internal import CLibRDKafka

/// The headers of the next record, in their order; names may occur more than once.
///
/// `Producer.produce` empties it where the record was taken, and leaves it as it is where it was not.
package struct ProducerHeaders: ~Copyable {
    private var pointer: OpaquePointer?
    private let capacity: Int
    /// What they take in a record.
    private(set) var byteCount = 0

    /// - Parameter capacity: How many headers there will be, about.
    package init(capacity: Int = 8) {
        self.capacity = capacity
    }

    deinit {
        if let pointer { rd_kafka_headers_destroy(pointer) }
    }

    /// Whether none was added.
    package var isEmpty: Bool { pointer == nil }

    /// Adds a header; both are copied. A nil value is a null, which is not the same as an empty one.
    package mutating func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?) {
        let headers = pointer ?? rd_kafka_headers_new(capacity)
        pointer = headers
        let start = value.map { $0.baseAddress ?? Self.nothing }
        // A length of 0 is a name without characters; -1 would be a C string.
        rd_kafka_header_add(
            headers, (name.baseAddress ?? Self.nothing).assumingMemoryBound(to: CChar.self), name.count, start,
            value?.count ?? 0)
        byteCount += name.count + Self.lengthBytes(name.count)
        byteCount += (value?.count ?? 0) + Self.lengthBytes(value?.count ?? -1)
    }

    /// Lengths are written as signed varints; -1 is a null.
    private static func lengthBytes(_ count: Int) -> Int {
        let zigzag = UInt64(bitPattern: Int64(count) << 1 ^ Int64(count) >> 63)
        return max(1, (64 - zigzag.leadingZeroBitCount + 6) / 7)
    }

    /// Adds a header whose name is known when the program is built.
    package mutating func add(name: StaticString, value: UnsafeRawBufferPointer?) {
        name.withUTF8Buffer { add(name: UnsafeRawBufferPointer($0), value: value) }
    }

    /// Forgets all.
    package mutating func removeAll() {
        if let pointer { rd_kafka_headers_destroy(pointer) }
        pointer = nil
        byteCount = 0
    }

    /// Gives up the list, unless `body` throws.
    mutating func handOver(_ body: (OpaquePointer?) throws(KafkaError) -> Void) throws(KafkaError) {
        try body(pointer)
        pointer = nil
        byteCount = 0
    }

    /// Stands for empty bytes: a null pointer means a null, but an empty buffer may have no address.
    static var nothing: UnsafeRawPointer { UnsafeRawPointer(StaticString("").utf8Start) }
}
