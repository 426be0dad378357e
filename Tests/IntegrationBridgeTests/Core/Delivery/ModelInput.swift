/// A record of the requests topic.
struct ModelInput: Hashable, CustomStringConvertible {
    var partition: Int
    var offset: Int64

    var description: String { "\(partition):\(offset)" }
}
