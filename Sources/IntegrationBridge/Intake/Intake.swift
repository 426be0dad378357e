import JSONText

/// Finds the integration id in a request, in one pass over its bytes.
///
/// Accepted are a JSON value with the id at ``pointer``, a JSON string, and a bare id; Schema Registry framing is
/// stepped over. Anything else is a fault of the record, never an error of the bridge.
struct Intake: ~Copyable {
    /// The most characters (Unicode scalars) that an id may have; the API's own limit.
    static let maximumIDLength = 255

    let pointer: JSONPointer
    private let pointerText: String
    /// Ids that had escapes, decoded; kept until the batch is done.
    private var decoded: [UnsafeMutableRawBufferPointer] = []

    init(pointer: JSONPointer, text: String) {
        self.pointer = pointer
        pointerText = text
    }

    deinit {
        for buffer in decoded { buffer.deallocate() }
    }

    /// Ends the life of all results so far.
    mutating func reset() {
        for buffer in decoded { buffer.deallocate() }
        decoded.removeAll(keepingCapacity: true)
    }

    /// Reads a value; the result is valid until ``reset()``, and while the value is.
    mutating func read(value: UnsafeRawBufferPointer?, isPlainText: Bool) -> IntakeResult {
        guard let value else {
            return IntakeResult(id: .fault(.nullValue), payload: .init(start: nil, count: 0), form: .null)
        }
        let framed = value.count >= 5 && value[0] == 0 ? UnsafeRawBufferPointer(rebasing: value[5...]) : value
        let payload = Self.trimmed(framed)
        guard let first = payload.first else {
            return IntakeResult(id: .fault(.emptyValue), payload: framed, form: .text)
        }
        if isPlainText { return readText(payload, whole: framed, bare: false) }
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""): return readJSON(payload, whole: framed)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "t"):
            return readScalar(payload, whole: framed)
        default: return readText(payload, whole: framed, bare: true)
        }
    }

    private mutating func readJSON(_ payload: UnsafeRawBufferPointer, whole: UnsafeRawBufferPointer) -> IntakeResult {
        let found: JSONLookup
        do {
            found = try JSONScanner.find(pointer, in: payload)
        } catch {
            guard Self.isUTF8(whole) else {
                return IntakeResult(id: .fault(.invalidUTF8), payload: whole, form: .binary)
            }
            return IntakeResult(id: .fault(.invalidJSON(offset: error.offset)), payload: whole, form: .text)
        }
        let slice: JSONSlice
        if found.root.kind == .string {
            slice = found.root
        } else if let member = found.found {
            slice = member
        } else {
            let fault = found.root.kind == .object ? IntakeFault.missingID(pointer: pointerText) : .notAnID
            return IntakeResult(id: .fault(fault), payload: payload, form: .json)
        }
        guard slice.kind == .string else {
            return IntakeResult(id: .fault(.idIsNotAString(pointer: pointerText)), payload: payload, form: .json)
        }
        guard let id = text(of: slice, in: payload) else {
            return IntakeResult(id: .fault(.idIsNotUnicode), payload: payload, form: .json)
        }
        return IntakeResult(id: Self.check(id), payload: payload, form: .json)
    }

    /// A JSON string's text: where it lies, or decoded where it has escapes; `nil` for half a surrogate pair.
    private mutating func text(of slice: JSONSlice, in payload: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard JSONString.hasEscapes(slice, in: payload) else { return JSONString.content(slice, in: payload) }
        var text: [UInt8] = []
        guard JSONString.copy(slice, in: payload, into: &text) else { return nil }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(text.count, 1), alignment: 1)
        buffer.copyBytes(from: text)
        decoded.append(buffer)
        return UnsafeRawBufferPointer(rebasing: buffer[..<text.count])
    }

    /// A value that begins like a number, a boolean or null: one of these, a bare id, or neither.
    private func readScalar(_ payload: UnsafeRawBufferPointer, whole: UnsafeRawBufferPointer) -> IntakeResult {
        if (try? JSONScanner.validate(payload)) != nil {
            return IntakeResult(id: .fault(.notAnID), payload: payload, form: .json)
        }
        return readText(payload, whole: whole, bare: true)
    }

    private func readText(
        _ payload: UnsafeRawBufferPointer, whole: UnsafeRawBufferPointer, bare: Bool
    ) -> IntakeResult {
        if bare, !payload.allSatisfy(Self.isBareIDByte) {
            guard Self.isUTF8(whole) else {
                return IntakeResult(id: .fault(.invalidUTF8), payload: whole, form: .binary)
            }
            return IntakeResult(id: .fault(.notAnID), payload: whole, form: .text)
        }
        guard bare || Self.isUTF8(whole) else {
            return IntakeResult(id: .fault(.invalidUTF8), payload: whole, form: .binary)
        }
        return IntakeResult(id: Self.check(payload), payload: whole, form: .text)
    }

    /// Checks what is valid UTF-8 already: its length, control characters, and what no URL can carry.
    static func check(_ id: UnsafeRawBufferPointer) -> IntakeResult.ID {
        if id.isEmpty { return .fault(.emptyID) }
        if id.count <= 2, id.allSatisfy({ $0 == UInt8(ascii: ".") }) { return .fault(.idIsDotSegment) }
        // Nearly every id: none of its bytes needs a look of its own.
        if id.count <= maximumIDLength, id.isPrintableASCII { return .found(id) }
        var scalars = 0
        var previous: UInt8 = 0
        for byte in id {
            if byte & 0xc0 != 0x80 { scalars += 1 }
            let isC1 = previous == 0xc2 && byte < 0xa0
            if byte < 0x20 || byte == 0x7f || isC1 { return .fault(.idHasControlCharacter) }
            previous = byte
        }
        return scalars <= maximumIDLength ? .found(id) : .fault(.idTooLong)
    }

    private static func isBareIDByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    private static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var start = 0
        var end = bytes.count
        while start < end, isWhiteSpace(bytes[start]) { start += 1 }
        while end > start, isWhiteSpace(bytes[end - 1]) { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0d)
    }
}
