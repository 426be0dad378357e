// Finds the bytes that mean something within a JSON string, looking at sixteen at a time. As methods of the pointer, not of
// a type of their own: each call of those would go through a stub that drops the type.

private let everyByte: UInt64 = 0x0101_0101_0101_0101

extension UnsafeRawPointer {
    /// The offset of the first byte from `start` on that is a quote, a backslash, a control character below U+0020, or not
    /// ASCII; `count`, the length of the text, where there is none.
    @usableFromInline
    @inline(never)
    func endOfPlainASCII(from start: Int, count: Int) -> Int {
        endOfRun(from: start, count: count, isASCII: true)
    }

    /// The offset of the first byte from `start` on that is a quote, a backslash, or a control character below U+0020;
    /// `count`, the length of the text, where there is none.
    func endOfUnescaped(from start: Int, count: Int) -> Int {
        endOfRun(from: start, count: count, isASCII: false)
    }

    @inline(__always)
    private func endOfRun(from start: Int, count: Int, isASCII: Bool) -> Int {
        let last = count &- 16
        var offset = start
        while offset <= last {
            let words = SIMD2(word(at: offset), word(at: offset &+ 8))
            let marks = Self.marks(in: words, isASCII: isASCII)
            if marks.x | marks.y != 0 { return offset &+ Self.firstMark(marks) }
            offset &+= 16
        }
        return endOfShortRun(from: offset, count: count, isASCII: isASCII)
    }

    /// As ``endOfRun(from:count:isASCII:)``, where less than sixteen bytes are left.
    @inline(never)
    private func endOfShortRun(from start: Int, count: Int, isASCII: Bool) -> Int {
        let rest = count &- start
        guard rest > 0 else { return count }
        var words = SIMD2<UInt64>()
        if count < 8 {
            for offset in (start..<count).reversed() {
                words.x = words.x &<< 8 | UInt64(load(fromByteOffset: offset, as: UInt8.self))
            }
        } else if rest < 8 {
            // The text's last eight bytes, without those that were seen.
            words.x = word(at: count &- 8) >> (64 &- rest &* 8)
        } else {
            words = SIMD2(word(at: start), word(at: count &- 8) >> (128 &- rest &* 8))
        }
        // Zeros come after the text's bytes, and are marked: the first of them is the end.
        return start &+ Self.firstMark(Self.marks(in: words, isASCII: isASCII))
    }

    /// Eight bytes, the first of them the lowest.
    @inline(__always)
    private func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// A high bit for each quote, backslash, control character and, where the run is one of ASCII, other byte. Behind the
    /// first of them there may be false ones, for a borrow runs into the next byte.
    ///
    /// Whole words are subtracted, for the operations that compare single bytes are not made vector instructions.
    @inline(__always)
    private static func marks(in words: SIMD2<UInt64>, isASCII: Bool) -> SIMD2<UInt64> {
        func every(_ byte: UInt64) -> SIMD2<UInt64> { SIMD2(repeating: everyByte &* byte) }
        // With one bit flipped a quote becomes a space, and control characters stay among themselves: what is below 0x21
        // then is one of them.
        let quotesAndControls = (words ^ every(0x02)) &- every(0x21)
        let backslashes = (words ^ every(0x5C)) &- every(0x01)
        let marks = quotesAndControls | backslashes
        return (isASCII ? marks | words : marks & ~words) & every(0x80)
    }

    /// Which of sixteen bytes has the first mark; the last ones' where none has.
    @inline(__always)
    private static func firstMark(_ marks: SIMD2<UInt64>) -> Int {
        (marks.x != 0 ? marks.x.trailingZeroBitCount : 64 &+ marks.y.trailingZeroBitCount) &>> 3
    }
}
