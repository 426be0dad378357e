/// The Failure documents of bad requests, made once for each kind of fault.
struct FaultDocuments {
    /// Faults that differ by a position in the request would fill the memory.
    private static let most = 256

    private var known: [IntakeFault: FailedLookup] = [:]

    mutating func document(of fault: IntakeFault) -> FailedLookup {
        if let document = known[fault] { return document }
        if known.count >= Self.most { known.removeAll() }
        let document = FailedLookup(fault)
        known[fault] = document
        return document
    }
}
