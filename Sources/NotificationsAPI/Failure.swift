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
        let line = Self.line(text, most: 500)
        return first.status.map { "\(Self.line($0, most: 20)): \(line)" } ?? line
    }

    /// The text's start with a space for each control character: it may be shown on a terminal.
    ///
    /// - Parameter most: how many scalars; a character may have any number of them.
    private static func line(_ text: String, most: Int) -> String {
        func isControl(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) || [0x2028, 0x2029].contains(scalar.value)
        }
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(most) { line.append(isControl(scalar) ? " " : scalar) }
        return String(line)
    }

    /// The same as ``summary``.
    public var description: String { summary }
}
