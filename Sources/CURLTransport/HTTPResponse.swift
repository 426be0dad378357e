/// A whole HTTP response, of any status.
public struct HTTPResponse: Sendable {
    /// The status code, 100 to 599.
    public var status: Int
    /// The header fields that the transport was told to keep, in the order of their arrival, names in lower case.
    public var headers: [HTTPField]
    /// The body as it was sent, after a content encoding that was asked for is undone.
    public var body: [UInt8]

    /// Creates a response.
    public init(status: Int, fields: [HTTPField], body: [UInt8] = []) {
        self.status = status
        self.headers = fields
        self.body = body
    }

    /// Creates a response; for test doubles.
    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.init(status: status, fields: headers.map { HTTPField(name: $0.name, value: $0.value) }, body: body)
    }

    /// The first value of a header field.
    ///
    /// - Parameter name: the field's name in lower case.
    public func header(_ name: String) -> String? {
        // Lengths tell nearly all names apart.
        let count = name.utf8.count
        return headers.first { $0.name.utf8.count == count && $0.name == name }?.value
    }
}
