/// How output records are made: the part of the configuration that they depend on.
struct OutputFormat: Sendable {
    enum Key: Sendable {
        case request
        case integrationID
    }

    var key: Key
    /// The most bytes of a request's value that `lookup.request` keeps.
    var requestValueLimit: Int
    /// `ce_source`: with `ce_id`, what makes an event one of a kind, so the same for every instance of a group.
    var eventSource: [UInt8]
}
