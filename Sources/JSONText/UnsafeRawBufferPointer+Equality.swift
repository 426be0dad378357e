extension UnsafeRawBufferPointer {
    /// Whether both hold the same bytes.
    ///
    /// `elementsEqual` takes some twenty instructions for each byte.
    @inlinable
    @inline(__always)
    package func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        var offset = 0
        while offset &+ 8 <= count {
            guard areEqual(other, at: offset, as: UInt64.self) else { return false }
            offset &+= 8
        }
        if count & 4 != 0 {
            guard areEqual(other, at: offset, as: UInt32.self) else { return false }
            offset &+= 4
        }
        if count & 2 != 0 {
            guard areEqual(other, at: offset, as: UInt16.self) else { return false }
            offset &+= 2
        }
        return count & 1 == 0 || areEqual(other, at: offset, as: UInt8.self)
    }

    /// Whether the bytes are this text's: with one that the compiler knows, a few comparisons with constants.
    @inlinable
    @inline(__always)
    package func hasSameBytes(as text: StaticString) -> Bool {
        hasSameBytes(as: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inlinable
    @inline(__always)
    func areEqual<Word: FixedWidthInteger & BitwiseCopyable>(
        _ other: UnsafeRawBufferPointer, at offset: Int, as type: Word.Type
    ) -> Bool {
        loadUnaligned(fromByteOffset: offset, as: type) == other.loadUnaligned(fromByteOffset: offset, as: type)
    }
}
