/// A broker of the cluster.
public struct Broker: Hashable, Sendable {
    /// Its number.
    public let id: Int32
    /// Its name or address.
    public let host: String
    /// Its port.
    public let port: Int32
}
