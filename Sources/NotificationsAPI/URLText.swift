/// URLs in texts, cut to where nothing secret can stand.
package enum URLText {
    /// The text with every URL in it cut to `scheme://host[:port]/***`.
    ///
    /// A URL reaches to the next white space, quote, backquote or angle bracket: also over what cannot stand in a valid
    /// one, because it is better to cut too much than to show the end of a credential. Slashes may be escaped as in JSON.
    package static func cut(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard var mark = mark(in: bytes[...]) else { return text }
        var result: [UInt8] = []
        var rest = bytes[...]
        while true {
            let url = bytes[mark.upperBound...].prefix { $0 > 0x20 && !isDelimiter($0) }
            result += rest[..<mark.upperBound]
            result += host(of: url)
            result += Array("/***".utf8)
            rest = bytes[url.endIndex...]
            guard let next = Self.mark(in: rest) else { break }
            mark = next
        }
        return String(decoding: result + rest, as: UTF8.self)
    }

    /// A URL cut to `scheme://host[:port]/***`; `***` for what is no such URL.
    package static func redacted(_ url: String) -> String {
        let bytes = Array(url.utf8)
        guard let mark = mark(in: bytes[...]), !bytes[..<mark.lowerBound].isEmpty,
            bytes[..<mark.lowerBound].allSatisfy(isSchemeByte)
        else { return "***" }
        let kept = bytes[..<mark.upperBound] + host(of: bytes[mark.upperBound...])
        return String(decoding: kept, as: UTF8.self) + "/***"
    }

    /// The first `://` or `:\/\/`.
    private static func mark(in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        var start = bytes.startIndex
        while let colon = bytes[start...].firstIndex(of: UInt8(ascii: ":")) {
            for mark in ["://", #":\/\/"#] as [StaticString] {
                let end = colon + mark.utf8CodeUnitCount
                if end <= bytes.endIndex, mark.withUTF8Buffer({ $0.elementsEqual(bytes[colon..<end]) }) {
                    return colon..<end
                }
            }
            start = colon + 1
        }
        return nil
    }

    /// Host and port, without user and password.
    private static func host(of rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let authority = rest.prefix { !#"/?#\"#.utf8.contains($0) }
        return authority.lastIndex(of: UInt8(ascii: "@")).map { authority[($0 + 1)...] } ?? authority
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`") || byte == UInt8(ascii: "<")
            || byte == UInt8(ascii: ">")
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
