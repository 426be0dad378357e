/// Tokens in texts: a server may repeat the token that it refuses.
enum TokenText {
    /// The document with everything cut that is, or looks like, a token.
    ///
    /// - Parameter cutsLongWords: whether also what is as long as only tokens are: of an exchange's error nobody needs it.
    static func cut(_ failure: Failure, _ token: String, cutsLongWords: Bool = true) -> Failure {
        func cut(_ text: String?) -> String? { text.map { Self.cut($0, token, cutsLongWords: cutsLongWords) } }
        return Failure(
            errors: failure.errors.map { error in
                APIError(
                    id: cut(error.id), status: cut(error.status), code: cut(error.code), title: cut(error.title),
                    detail: cut(error.detail),
                    source: error.source.map {
                        APIError.Source(pointer: cut($0.pointer), parameter: cut($0.parameter))
                    },
                    errorCode: error.errorCode, message: cut(error.message))
            })
    }

    /// The text with `***` for each word that has a part in common with the token, or is as long as only tokens are.
    ///
    /// A word is a run of the characters that tokens consist of (RFC 6750, 2.1). A part in common is a run of 8 characters
    /// or more, so that a token that is cut short or told in pieces is found too. A secret of other characters, which no
    /// word holds, is looked for as it is.
    static func cut(_ text: String, _ token: String, cutsLongWords: Bool = true) -> String {
        let secret = Array(token.utf8)
        let bytes = secret.allSatisfy(isTokenByte) ? Array(text.utf8) : replace(secret, in: Array(text.utf8))
        var parts: Set<ArraySlice<UInt8>> = []
        let length = 8
        if secret.count >= length {
            for start in 0...(secret.count - length) { parts.insert(secret[start..<(start + length)]) }
        }
        var result: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let word = rest.prefix(while: isTokenByte)
            rest = rest[word.endIndex...]
            let isToken =
                (cutsLongWords && word.count > 64) || word.starts(with: "eyJ".utf8)
                || (!secret.isEmpty && secret.count < length && word.elementsEqual(secret))
                || (word.count >= length
                    && (word.startIndex...(word.endIndex - length)).contains {
                        parts.contains(word[$0..<($0 + length)])
                    })
            result += isToken ? Array("***".utf8) : Array(word)
            let other = rest.prefix { !isTokenByte($0) }
            result += other
            rest = rest[other.endIndex...]
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func replace(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.first {
            if rest.starts(with: secret) {
                result += Array("***".utf8)
                rest = rest.dropFirst(secret.count)
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~+/=".utf8.contains(byte)
        }
    }
}
