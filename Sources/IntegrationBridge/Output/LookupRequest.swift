internal import RDKafka

/// One request on its way to its result: the record as it came, and what intake made of it.
///
/// Borrows the record's bytes: a batch, or a ``HeldRequest``, outlives it.
struct LookupRequest {
    let context: PartitionContext
    let token: RecordToken
    let record: RecordView
    let payload: UnsafeRawBufferPointer
    let form: RequestForm
    /// The integration id, decoded; `nil` where the request has no valid one.
    let id: UnsafeRawBufferPointer?
}
