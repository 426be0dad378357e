internal import JSONText

extension APIError {
    /// Reads an error as servers and gateways really send it: unknown members go, what has another type becomes text
    /// where it can, and URLs are cut to their host, because some are credentials.
    init(lenient json: JSONValue) {
        self.init(
            id: Self.text(json["id"]), status: Self.text(json["status"]), code: Self.text(json["code"]),
            title: Self.text(json["title"]), detail: Self.text(json["detail"]),
            errorCode: json["error_code"]?.integer.flatMap(Int32.init(exactly:)), message: Self.text(json["message"]))
        if let source = json["source"], source.members != nil {
            self.source = Source(pointer: Self.text(source["pointer"]), parameter: Self.text(source["parameter"]))
        }
    }

    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text): URLText.cut(text)
        case .number(let text): text
        case .bool(let value): value ? "true" : "false"
        default: nil
        }
    }

    var isEmpty: Bool { self == APIError() || self == APIError(source: Source()) }
}
