internal import RDKafka

/// One batch on its way through the pipeline; its storage is reused from batch to batch.
struct BatchWork {
    struct Item {
        /// `nil` once it waits for a flight, and where its assignment is over.
        var request: LookupRequest?
        var answer: LookupResult?
        /// Whether the answer is an old one: it is being made new, or the API fails.
        var isStale = false
    }

    var requests: [Item] = []
    var tokens: [RecordToken?] = []

    mutating func removeAll() {
        requests.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
    }
}
