internal import CLibRDKafka

/// The headers of the next record, in their order; names may occur more than once.
///
/// `Producer.produce` empties it where the record was taken, and leaves it as it is where it was not.
package struct ProducerHeaders: ~Copyable {
    private var pointer: OpaquePointer?
    private let capacity: Int

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
    }

    /// Adds a header whose name is known when the program is built.
    package mutating func add(name: StaticString, value: UnsafeRawBufferPointer?) {
        name.withUTF8Buffer { add(name: UnsafeRawBufferPointer($0), value: value) }
    }

    /// Forgets all.
    package mutating func removeAll() {
        if let pointer { rd_kafka_headers_destroy(pointer) }
        pointer = nil
    }

    /// The list, which the library has taken over if `body` gives nil.
    mutating func handOver(_ body: (OpaquePointer?) -> OpaquePointer?) -> OpaquePointer? {
        let error = body(pointer)
        if error == nil { pointer = nil }
        return error
    }

    /// Stands for empty bytes: a null pointer means a null, but an empty buffer may have no address.
    static var nothing: UnsafeRawPointer { UnsafeRawPointer(StaticString("").utf8Start) }
}
