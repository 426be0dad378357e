public import JSONText

/// One error of the API, by its schema `Error`.
public struct APIError: Hashable, Sendable {
    /// Where in the request the error is.
    public struct Source: Hashable, Sendable {
        /// A JSON Pointer (RFC 6901) into the request.
        public var pointer: String?
        /// The query parameter.
        public var parameter: String?

        /// Creates a source.
        public init(pointer: String? = nil, parameter: String? = nil) {
            self.pointer = pointer
            self.parameter = parameter
        }
    }

    /// Names this occurrence; at most 255 characters.
    public var id: String?
    /// The HTTP status as text.
    public var status: String?
    /// An application-specific code.
    public var code: String?
    /// A short summary, the same for every occurrence.
    public var title: String?
    /// An explanation of this occurrence.
    public var detail: String?
    /// Where in the request the error is.
    public var source: Source?
    /// The number of the older error format; 32 bits.
    public var errorCode: Int32?
    /// The text of the older error format.
    public var message: String?

    /// Creates an error.
    public init(
        id: String? = nil, status: String? = nil, code: String? = nil, title: String? = nil, detail: String? = nil,
        source: Source? = nil, errorCode: Int32? = nil, message: String? = nil
    ) {
        self.id = id
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.source = source
        self.errorCode = errorCode
        self.message = message
    }

    /// The error as JSON, valid by the API's schema.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ text: String?) {
            if let text { members.append(.init(name, .string(text))) }
        }
        add("id", limited.id)
        add("status", status)
        add("code", code)
        add("title", title)
        add("detail", detail)
        if let source {
            var inner: [JSONValue.Member] = []
            if let pointer = source.pointer { inner.append(.init("pointer", .string(pointer))) }
            if let parameter = source.parameter { inner.append(.init("parameter", .string(parameter))) }
            members.append(.init("source", .object(inner)))
        }
        if let errorCode { members.append(.init("error_code", .number("\(errorCode)"))) }
        add("message", message)
        return .object(members)
    }

    /// The error with no more of its id than the API's schema allows.
    var limited: APIError {
        guard let id, id.unicodeScalars.count > 255 else { return self }
        var limited = self
        limited.id = String(String.UnicodeScalarView(id.unicodeScalars.prefix(255)))
        return limited
    }
}
