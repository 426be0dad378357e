/// A record's headers where they lie in the batch, in their order. Valid while the batch is alive.
@usableFromInline
package struct HeadersView: Sequence {
    /// A header where it lies. A nil value is a null, which is not the same as an empty one.
    @usableFromInline
    package typealias Element = (name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?)

    @usableFromInline let bytes: UnsafeRawBufferPointer

    @inlinable
    package init(bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Whether the record has none.
    @inlinable package var isEmpty: Bool { bytes.isEmpty }

    /// Goes through them in their order.
    @inlinable
    package func makeIterator() -> Iterator { Iterator(bytes: bytes) }

    /// Goes through a record's headers.
    @usableFromInline
    package struct Iterator: IteratorProtocol {
        @usableFromInline var rest: UnsafeRawBufferPointer.SubSequence

        @inlinable
        init(bytes: UnsafeRawBufferPointer) {
            rest = bytes[...]
        }

        /// The next header.
        @inlinable
        package mutating func next() -> Element? {
            guard !rest.isEmpty else { return nil }
            let header = UnsafeRawBufferPointer(rebasing: rest)
            // Written by RecordBatchBuilder: two lengths, the name, the value.
            let nameLength = Int(header.loadUnaligned(as: Int32.self))
            let valueLength = Int(header.loadUnaligned(fromByteOffset: 4, as: Int32.self))
            let valueStart = 8 + nameLength
            let end = valueStart + Swift.max(valueLength, 0)
            rest = rest.dropFirst(end)
            return (
                UnsafeRawBufferPointer(rebasing: header[8..<valueStart]),
                valueLength < 0 ? nil : UnsafeRawBufferPointer(rebasing: header[valueStart..<end])
            )
        }
    }
}
