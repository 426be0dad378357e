/// Header fields that many requests share, checked and prepared once.
///
/// A transport may keep what it made of them: it recognizes the same fields by identity.
public final class HTTPRequestHeaders: Sendable {
    /// The fields in the order in which they are sent.
    public let fields: [(name: String, value: String)]

    /// Creates the fields.
    ///
    /// - Throws: ``HTTPTransportError/Code/invalidRequest`` where a name is no token (RFC 9110, 5.1) or a value holds a
    ///   control character; the message names the field and never its value.
    public init(_ fields: [(name: String, value: String)]) throws(HTTPTransportError) {
        for (name, value) in fields {
            let token = name.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }
            guard !name.isEmpty, token else {
                throw HTTPTransportError(code: .invalidRequest, message: "'\(name)' is no name of a header field")
            }
            guard value.utf8.allSatisfy({ $0 == 9 || ($0 >= 32 && $0 != 127) }) else {
                throw HTTPTransportError(
                    code: .invalidRequest, message: "the value of header field '\(name)' holds a control character")
            }
        }
        self.fields = fields
    }
}
