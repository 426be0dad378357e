public import JSONText

/// A value of the API that keeps the document it was read from, so that writing it loses nothing.
///
/// Members that the type does not know, their order, repeated members and the text of numbers all stay in ``json``.
/// `description`, `debugDescription` and a mirror show no URL beyond its host, because webhook URLs are credentials.
public protocol APIModel: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Reads a value; of repeated members the first counts, and an optional member that is `null` counts as absent.
    ///
    /// - Throws: ``ModelError``, which names the member that is missing or has another type.
    init(json: JSONValue) throws(ModelError)

    /// The whole document, as it was read.
    var json: JSONValue { get }
}

extension APIModel {
    /// Reads a JSON text in UTF-8.
    ///
    /// - Throws: ``ModelError`` with the code ``ModelError/Code-swift.struct/syntax`` where it is no JSON text, else as
    ///   ``init(json:)`` does.
    public init(parsing bytes: [UInt8]) throws(ModelError) {
        let json: JSONValue
        do throws(JSONSyntaxError) {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw ModelError(code: .syntax, path: "", message: "the document does not parse: \(error)", cause: error)
        }
        try self.init(json: json)
    }

    /// The same as `description`.
    public var debugDescription: String { description }

    /// Shows no more than `description`.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
