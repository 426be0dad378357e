/// The calls of a transactional producer, as messages name them.
enum TransactionCall {
    case initialize
    case begin
    case sendOffsets
    case commit
    case abort
    case inspect

    var action: String {
        switch self {
        case .initialize: "Preparing for transactions"
        case .begin: "Beginning a transaction"
        case .sendOffsets: "Adding offsets to the transaction"
        case .commit: "Committing the transaction"
        case .abort: "Aborting the transaction"
        case .inspect: "The transaction"
        }
    }
}
