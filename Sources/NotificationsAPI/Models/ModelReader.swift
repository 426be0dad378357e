internal import JSONText

/// Reads the members of one object; its errors name them by their place in the document.
struct ModelReader {
    let json: JSONValue
    private let path: String

    init(_ json: JSONValue) throws(ModelError) {
        try self.init(json, path: "")
    }

    private init(_ json: JSONValue, path: String) throws(ModelError) {
        guard json.members != nil else { throw Self.wrongType(path, "an object") }
        self.json = json
        self.path = path
    }

    func string(_ name: String) throws(ModelError) -> String {
        guard let value = json[name] else { throw missing(name) }
        guard let text = value.string else { throw Self.wrongType("\(path)/\(name)", "a string") }
        return text
    }

    /// A member's string; `null` counts as absent.
    func optionalString(_ name: String) throws(ModelError) -> String? {
        switch json[name] {
        case nil, .null: nil
        default: try string(name)
        }
    }

    func object(_ name: String) throws(ModelError) -> ModelReader {
        guard let value = json[name] else { throw missing(name) }
        return try ModelReader(value, path: "\(path)/\(name)")
    }

    /// A member's object; `null` counts as absent.
    func optionalObject(_ name: String) throws(ModelError) -> ModelReader? {
        switch json[name] {
        case nil, .null: nil
        default: try object(name)
        }
    }

    /// Checks that the object says it is of a kind.
    func require(kind: String) throws(ModelError) {
        guard try string("kind") == kind else {
            throw ModelError(code: .wrongKind, path: "\(path)/kind", message: "\(path)/kind is not '\(kind)'")
        }
    }

    private func missing(_ name: String) -> ModelError {
        ModelError(code: .missingMember, path: "\(path)/\(name)", message: "\(path)/\(name) is missing")
    }

    private static func wrongType(_ path: String, _ wanted: String) -> ModelError {
        ModelError(
            code: .wrongType, path: path, message: "\(path.isEmpty ? "the document" : path) is not \(wanted)")
    }
}
