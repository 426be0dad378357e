/// What libyaml tells of a text, copied out of it.
struct YAMLEvent {
    enum Kind: Equatable {
        case documentStart
        case mappingStart
        case mappingEnd
        case sequenceStart
        case sequenceEnd
        case scalar(String, isPlain: Bool)
        case alias
        case end
        /// What bears no data.
        case other
    }

    var kind: Kind
    /// Counts from 1.
    var line: Int
    /// Counts from 1, in characters.
    var column: Int
    /// Whether an anchor or a tag is on it.
    var isDecorated = false
}
