/// What a simulated run found wrong.
struct DeliveryViolation: CustomStringConvertible {
    /// The same text for all violations of a kind.
    var kind: String
    var detail: String

    var description: String { detail.isEmpty ? kind : "\(kind): \(detail)" }
}
