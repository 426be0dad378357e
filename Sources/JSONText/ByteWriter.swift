/// A growing run of bytes in one allocation that is kept from use to use.
///
/// What a record takes many of is inlinable: a short text that the compiler knows is then one or two stores.
@usableFromInline
package struct ByteWriter: ~Copyable {
    @usableFromInline var storage: UnsafeMutableRawPointer
    @usableFromInline var capacity: Int
    @usableFromInline var length = 0

    package init(minimumCapacity: Int = 256) {
        capacity = max(minimumCapacity, 16)
        storage = .allocate(byteCount: capacity, alignment: 1)
    }

    deinit {
        storage.deallocate()
    }

    /// How many bytes were appended.
    @inlinable
    package var count: Int { length }

    /// Forgets the bytes and keeps the memory.
    @inlinable
    package mutating func removeAll() {
        length = 0
    }

    /// Forgets all but the first `count` bytes.
    package mutating func truncate(to count: Int) {
        length = min(length, max(0, count))
    }

    /// Gives the bytes, which are valid only within `body`.
    @inlinable
    package borrowing func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: storage, count: length))
    }

    /// A copy of the bytes.
    package borrowing func bytes() -> [UInt8] {
        [UInt8](UnsafeRawBufferPointer(start: storage, count: length))
    }

    @inlinable
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        (storage + length).copyMemory(from: source, byteCount: bytes.count)
        length &+= bytes.count
    }

    @inlinable
    @inline(__always)
    package mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    @inlinable
    @inline(__always)
    package mutating func append(_ text: StaticString) {
        guard text.hasPointerRepresentation else { return append(utf8: text.description) }
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inlinable
    package mutating func append(utf8 text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    @inlinable
    @inline(__always)
    package mutating func append(byte: UInt8) {
        reserve(1)
        storage.storeBytes(of: byte, toByteOffset: length, as: UInt8.self)
        length &+= 1
    }

    /// Makes room for this many bytes more.
    @inlinable
    @inline(__always)
    package mutating func reserve(_ more: Int) {
        if more > capacity &- length { grow(by: more) }
    }

    @usableFromInline
    @inline(never)
    mutating func grow(by more: Int) {
        let larger = max(capacity * 2, length + more)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 1)
        moved.copyMemory(from: storage, byteCount: length)
        storage.deallocate()
        storage = moved
        capacity = larger
    }
}
