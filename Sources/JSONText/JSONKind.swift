/// What a JSON value is.
@usableFromInline
package enum JSONKind: Hashable, Sendable {
    case object
    case array
    case string
    case number
    case bool(Bool)
    case null
}
