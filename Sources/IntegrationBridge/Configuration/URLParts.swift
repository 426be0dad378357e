/// What there is to say about an absolute URL; anything that two readers might take for two hosts is none.
struct URLParts {
    /// In lower case.
    let scheme: String
    let userInfo: Substring?
    /// In lower case; an IPv6 address in its brackets.
    let host: String
    let hasPort: Bool
    let path: Substring
    let hasQueryOrFragment: Bool

    init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }),
            let separator = text.firstRange(of: "://")
        else { return nil }
        scheme = text[..<separator.lowerBound].lowercased()
        guard scheme.first?.isLetter == true, scheme.allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) })
        else { return nil }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        path = rest[authority.endIndex...].prefix { $0 != "?" && $0 != "#" }
        hasQueryOrFragment = path.endIndex != rest.endIndex

        let sides = authority.split(separator: "@", omittingEmptySubsequences: false)
        guard sides.count <= 2, let hostAndPort = sides.last else { return nil }
        userInfo = sides.count == 2 ? sides[0] : nil
        let hostEnd =
            hostAndPort.hasPrefix("[")
            ? hostAndPort.firstIndex(of: "]").map(hostAndPort.index(after:))
            : hostAndPort.firstIndex(of: ":") ?? hostAndPort.endIndex
        guard let hostEnd, Self.isHost(hostAndPort[..<hostEnd]) else { return nil }
        host = hostAndPort[..<hostEnd].lowercased()
        let port = hostAndPort[hostEnd...]
        hasPort = !port.isEmpty
        guard port.isEmpty || (port.hasPrefix(":") && Self.isPort(port.dropFirst())) else { return nil }
    }

    /// Whether the host can be nothing but this machine: by name, `::1`, or 127.0.0.0/8.
    var isLoopback: Bool {
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return host == "localhost" || host == "[::1]"
            || (octets.count == 4 && octets[0] == "127" && octets.allSatisfy { Self.isDigits($0) && UInt8($0) != nil })
    }

    private static func isHost(_ text: Substring) -> Bool {
        if text.hasPrefix("[") {
            let address = text.dropFirst().dropLast()
            return address.contains(":") && address.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        return !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || "-._".contains($0) }
    }

    private static func isPort(_ text: Substring) -> Bool {
        isDigits(text) && UInt16(text).map { $0 > 0 } == true
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
