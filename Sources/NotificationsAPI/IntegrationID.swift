/// An integration's id as a part of a URL.
package enum IntegrationID {
    private static let path: StaticString = "/notifications/v1/integrations/"

    /// The path of an integration, its id being valid UTF-8.
    ///
    /// - Returns: `nil` where ``pathSegment(_:)`` is.
    static func target(of id: [UInt8]) -> String? {
        guard id.count <= 255, id.first != UInt8(ascii: "."), !id.isEmpty, id.allSatisfy(isUnreserved) else {
            return pathSegment(String(decoding: id, as: UTF8.self)).map { path.description + $0 }
        }
        // Nearly every id: one allocation.
        let count = path.utf8CodeUnitCount
        return String(unsafeUninitializedCapacity: count + id.count) { text in
            let bytes = UnsafeMutableRawBufferPointer(text)
            bytes.copyMemory(from: UnsafeRawBufferPointer(start: path.utf8Start, count: count))
            UnsafeMutableRawBufferPointer(rebasing: bytes[count...]).copyBytes(from: id)
            return count + id.count
        }
    }

    /// The id percent-encoded as one path segment (RFC 3986, 3.3): all but unreserved characters.
    ///
    /// - Returns: `nil` for what no URL can carry or the API cannot have: nothing, `.`, `..`, a control character, more than
    ///   255 characters.
    package static func pathSegment(_ id: String) -> String? {
        guard !id.isEmpty, id != ".", id != ".." else { return nil }
        // Nearly every id: no character of it needs a look at Unicode's tables.
        if id.utf8.allSatisfy(isUnreserved) { return id.utf8.count <= 255 ? id : nil }
        guard id.unicodeScalars.count <= 255,
            id.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { return nil }
        var segment: [UInt8] = []
        segment.reserveCapacity(id.utf8.count * 3)
        for byte in id.utf8 {
            if isUnreserved(byte) {
                segment.append(byte)
            } else {
                segment += [UInt8(ascii: "%"), hex(byte >> 4), hex(byte & 15)]
            }
        }
        return String(decoding: segment, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func hex(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }
}
