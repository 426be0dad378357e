/// A record of the requests topic.
struct ModelInput: Hashable {
    var partition: Int
    var offset: Int64
}
