/// How a request's value is to be read, and kept in `lookup.request`.
enum RequestForm: Sendable {
    /// No value: a tombstone.
    case null
    /// A JSON value: kept as it is.
    case json
    /// Other UTF-8 text: kept as a JSON string.
    case text
    /// Other bytes: kept in base64.
    case binary
}
