/// A response while it comes in: the kept fields, and the body up to its limit.
struct IncomingResponse {
    private static let statusLine = Array("HTTP/".utf8)

    private var fields: [HTTPField] = []
    private var body: [UInt8] = []
    private var maximumBodySize = 0
    /// The blank line was there: what follows are the body, and trailers, which are not kept.
    private var hasAllFields = false
    /// Whether the body was larger than it may be.
    private(set) var isTooLarge = false

    /// Forgets the one before.
    mutating func begin(maximumBodySize: Int) {
        fields = []
        body = []
        hasAllFields = false
        isTooLarge = false
        self.maximumBodySize = maximumBodySize
    }

    /// Takes a line of the response's head.
    mutating func take(line: UnsafeRawBufferPointer, keeping kept: KeptFields) {
        if line.count <= 2 {
            hasAllFields = true
        } else if line.count > 5, line[0] == UInt8(ascii: "H"), line[..<5].elementsEqual(Self.statusLine) {
            // Another response begins, after an interim one (1xx).
            fields.removeAll()
            hasAllFields = false
        } else if !hasAllFields, let field = kept.field(in: line) {
            fields.append(field)
        }
    }

    /// Takes a part of the body; false where it becomes larger than it may be.
    mutating func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= maximumBodySize else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    /// Gives what came, and forgets it.
    mutating func take(status: Int) -> HTTPResponse {
        defer { begin(maximumBodySize: 0) }
        return HTTPResponse(status: status, fields: fields, body: body)
    }
}
