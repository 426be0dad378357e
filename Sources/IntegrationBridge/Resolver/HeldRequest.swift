internal import RDKafka

/// A request that waits for a flight, with its own copy of the record, so that no batch is kept alive by one slow id.
struct HeldRequest: FlightWaiter {
    let context: PartitionContext
    let token: RecordToken
    let form: RequestForm
    private let record: HeldRecord
    private let payloadRange: Range<Int>

    init(_ request: LookupRequest) {
        context = request.context
        token = request.token
        form = request.form
        record = HeldRecord(copying: request.record)
        let value = request.record.value
        if let start = request.payload.baseAddress, let base = value?.baseAddress {
            let offset = start - base
            payloadRange = offset..<(offset + request.payload.count)
        } else {
            payloadRange = 0..<0
        }
    }

    var assignment: UInt32 { token.assignment }

    /// The copy, and what surrounds it: its allocation, and a part of its flight.
    var heldBytes: Int { record.byteCount + 320 }

    /// Gives the request back as it was, with the id that was asked for.
    func withRequest<Result, Failure: Error>(
        id: UnsafeRawBufferPointer?, _ body: (LookupRequest) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let view = record.view
        let payload = view.value.map { UnsafeRawBufferPointer(rebasing: $0[payloadRange]) }
        defer { withExtendedLifetime(record) {} }
        return try body(
            LookupRequest(
                context: context, token: token, record: view, payload: payload ?? .init(start: nil, count: 0),
                form: form, id: id))
    }
}
