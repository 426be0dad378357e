internal import RDKafka

/// A result that waits for its turn, with its own copy of the request.
struct HeldResult: Sendable {
    var request: HeldRequest
    /// The id that was asked for; `nil` for a request that names none.
    var id: [UInt8]?
    var result: LookupResult
    var source: LookupSource
    var attempts: Int

    /// Gives the request back as it was.
    func withRequest<Result>(_ body: (LookupRequest) throws(KafkaError) -> Result) throws(KafkaError) -> Result {
        guard let id else { return try request.withRequest(id: nil, body) }
        return try id.withUnsafeBufferPointer { bytes throws(KafkaError) in
            try request.withRequest(id: UnsafeRawBufferPointer(bytes), body)
        }
    }
}
