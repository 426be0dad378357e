extension UnsafeRawBufferPointer {
    /// Whether all bytes are ASCII, and none is a control character; looks at eight at a time.
    var isPrintableASCII: Bool {
        var others: UInt64 = 0
        if count < 8 {
            for byte in self { others |= Self.marks(in: UInt64(byte) | 0x2020_2020_2020_2000) }
        } else {
            for offset in stride(from: 0, to: count &- 8, by: 8) { others |= marks(at: offset) }
            // The last eight, some of them for the second time.
            others |= marks(at: count &- 8)
        }
        return others & 0x8080_8080_8080_8080 == 0
    }

    @inline(__always)
    private func marks(at offset: Int) -> UInt64 {
        Self.marks(in: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// A high bit somewhere, where a byte is below 0x20, 0x7F, or not ASCII.
    @inline(__always)
    private static func marks(in word: UInt64) -> UInt64 {
        (word &- 0x2020_2020_2020_2020) | (word &+ 0x0101_0101_0101_0101) | word
    }
}
