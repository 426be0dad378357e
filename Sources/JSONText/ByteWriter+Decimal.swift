extension ByteWriter {
    /// Appends a number in decimal.
    ///
    /// Not generic: in another module it would not be specialized, and costs a thousand instructions then.
    package mutating func append(decimal number: Int64) {
        // A sign, and up to three runs of digits that are stored as eight bytes each.
        reserve(25)
        if number < 0 { append(byte: UInt8(ascii: "-")) }
        let magnitude = number.magnitude
        guard magnitude >= 10 else { return append(byte: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: magnitude)) }
        guard magnitude >= Self.run else { return store(leading: magnitude) }
        let (higher, lower) = magnitude.quotientAndRemainder(dividingBy: Self.run)
        if higher < Self.run {
            store(leading: higher)
        } else {
            store(leading: higher / Self.run)
            store(eightDigits: Self.digits(of: higher % Self.run), count: 8)
        }
        store(eightDigits: Self.digits(of: lower), count: 8)
    }

    private static let run: UInt64 = 100_000_000

    /// Stores a number from 1 to 99,999,999 without zeros before it.
    @inline(__always)
    private mutating func store(leading number: UInt64) {
        let digits = Self.digits(of: number)
        let zeros = digits.trailingZeroBitCount &>> 3
        store(eightDigits: digits &>> UInt64(truncatingIfNeeded: zeros &* 8), count: 8 &- zeros)
    }

    /// Stores the first `count` of eight digits; there must be room for all eight.
    @inline(__always)
    private mutating func store(eightDigits digits: UInt64, count: Int) {
        let text = digits &+ 0x3030_3030_3030_3030
        storage.storeBytes(of: text.littleEndian, toByteOffset: length, as: UInt64.self)
        length &+= count
    }

    /// The eight digits of a number below 100,000,000, each a byte, the first the lowest.
    ///
    /// All of them at once: halves of four digits, in each two pairs, in each two digits. Divisions by 100 and 10 are
    /// multiplications, exact for numbers as small as these.
    @inline(__always)
    private static func digits(of number: UInt64) -> UInt64 {
        let halves = number / 10_000 | (number % 10_000) &<< 32
        let hundreds = (halves &* 10_486) &>> 20 & 0x0000_007F_0000_007F
        let pairs = hundreds | (halves &- hundreds &* 100) &<< 16
        let tens = (pairs &* 103) &>> 10 & 0x000F_000F_000F_000F
        return tens | (pairs &- tens &* 10) &<< 8
    }
}
