public import JSONText

/// Why a document is not what a model needs.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, as a value to compare with.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private let name: String
        /// The bytes are no JSON text; ``ModelError/cause`` says where.
        public static let syntax = Code(name: "syntax")
        /// A required member is not there.
        public static let missingMember = Code(name: "missing_member")
        /// A value has another JSON type than the model.
        public static let wrongType = Code(name: "wrong_type")
        /// A member's value belongs to another model.
        public static let wrongKind = Code(name: "wrong_kind")

        /// The code's stable name.
        public var description: String { name }
    }

    /// What is wrong.
    public let code: Code
    /// Where it is wrong, as a JSON Pointer (RFC 6901) into the document that was read; empty for the whole of it.
    public let path: String
    /// What is wrong and where; holds no value of the document.
    public let message: String
    /// What the parser found, where the document is no JSON text.
    public let cause: JSONSyntaxError?

    init(code: Code, path: String, message: String, cause: JSONSyntaxError? = nil) {
        self.code = code
        self.path = path
        self.message = message
        self.cause = cause
    }

    /// The same as ``message``.
    public var description: String { message }
}
