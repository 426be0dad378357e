/// What may fail at any time.
enum ModelFault: Int, CaseIterable {
    /// A record is not delivered, or nobody hears that it is.
    case lostRecord
    /// The client refuses a record.
    case refusedRecord
    /// The producer's queue has no room, though it has not reached its limit.
    case fullQueue
    /// The brokers do not answer that a transaction has begun.
    case lostRegistration
    /// A transaction's step fails, before or after it takes effect.
    case failedStep
    /// An old producer does not go.
    case failedReplacement
    /// A commit fails, before or after it takes effect.
    case failedCommit
    /// The thread of commits and transactions gets no time.
    case stall

    /// In how many chances it strikes once, as a rule.
    var rarity: Int {
        switch self {
        case .lostRecord: 150
        case .refusedRecord: 400
        case .fullQueue: 20
        case .lostRegistration: 50
        case .failedStep, .failedReplacement: 8
        case .failedCommit: 10
        case .stall: 20
        }
    }
}
