public import JSONText

/// The API's document for what went wrong, by its schema `Failure`.
public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong: at least one error, no two of them equal.
    public let errors: [APIError]

    /// Creates a document; equal errors are merged, and one without any gets an empty error.
    public init(errors: [APIError]) {
        var seen: Set<APIError> = []
        let distinct = errors.map(\.limited).filter { seen.insert($0).inserted }
        self.errors = distinct.isEmpty ? [APIError()] : distinct
    }

    /// A document for a fault that never reached the API, or that the API gave no document for.
    public init(code: String, title: String, detail: String, status: Int? = nil, pointer: String? = nil) {
        self.init(errors: [
            APIError(
                status: status.map { "\($0)" }, code: code, title: title, detail: URLText.cut(detail),
                source: pointer.map { APIError.Source(pointer: $0) })
        ])
    }

    /// The document as JSON, valid by the API's schema.
    public var json: JSONValue { .object([.init("errors", .array(errors.map(\.json)))]) }

    /// Writes the document's text, which ends in `}`.
    package func write(to writer: inout ByteWriter) {
        json.write(to: &writer)
    }

    /// One line for a log or a header, of the first error.
    public var summary: String {
        let first = errors[0]
        let text = first.detail ?? first.message ?? first.title ?? first.code ?? "no detail was given"
        let start = text.prefix(500)
        let line = start.contains(where: \.isNewline) ? String(start.map { $0.isNewline ? " " : $0 }) : String(start)
        return first.status.map { "\($0): \(line)" } ?? line
    }

    /// The same as ``summary``.
    public var description: String { summary }
}
