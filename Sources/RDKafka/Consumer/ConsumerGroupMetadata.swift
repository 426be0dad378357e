/// Which membership of which group read what a transaction's offsets speak of: the broker refuses offsets of a membership
/// that is over.
///
/// It is taken at the assignment, never later: what is asked for when the offsets are sent may already speak of the next
/// generation, which would let the work of a former owner pass.
public struct ConsumerGroupMetadata: Hashable, Sendable, CustomStringConvertible {
    /// The group.
    public let groupID: String
    /// Raised by the group with every rebalance.
    public let generation: Int32
    /// The member's id, given by the group's coordinator.
    public let memberID: String
    /// The member's `group.instance.id`, where it has one.
    public let instanceID: String?

    /// Names a membership: for tests, as a consumer knows its own.
    package init(groupID: String, generation: Int32, memberID: String, instanceID: String? = nil) {
        self.groupID = groupID
        self.generation = generation
        self.memberID = memberID
        self.instanceID = instanceID
    }

    /// `group, generation 3, member m`.
    public var description: String { "\(groupID), generation \(generation), member \(memberID)" }
}
