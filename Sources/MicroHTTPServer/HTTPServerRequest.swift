/// A request as a handler sees it.
public struct HTTPServerRequest: Sendable {
    /// The method as it was sent.
    public var method: String
    /// The path as it was sent, escapes kept, without the query.
    public var path: String
    /// The query's members in their order, escapes kept.
    public var query: [(name: String, value: String)]
    /// The header fields in their order.
    public var headers: [(name: String, value: String)]
    /// The body, empty where there is none.
    public var body: [UInt8]

    /// The first value of a header field, whatever the case of its name.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.utf8.count == name.utf8.count && $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The first value of a query's member.
    public func query(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }
}
