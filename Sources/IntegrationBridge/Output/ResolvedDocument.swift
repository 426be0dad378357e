internal import JSONText
internal import NotificationsAPI

/// An Integration ready to be sent: shared by the cache and by every record that asks for it.
final class ResolvedDocument: Sendable {
    /// The document up to its closing brace, then `,"lookup":{` and the members that are the same for every record.
    let head: [UInt8]
    // Where `status` and `request_id` stand in the head.
    private let answerStart: UInt32
    private let answerCount: UInt32
    /// Whether the API's document had a member `lookup` of its own, which gave way to ours.
    let replacedLookup: Bool

    init(_ document: IntegrationDocument, id: UnsafeRawBufferPointer, status: Int?, requestID: String?) {
        replacedLookup = document.hadLookupMember
        // Room for the members of `lookup` too, so that it does not grow while it is written.
        var writer = ByteWriter(minimumCapacity: document.bytes.count + id.count + 256)
        document.bytes.withUnsafeBytes { writer.append(UnsafeRawBufferPointer(rebasing: $0.dropLast())) }
        writer.append(",\"lookup\":{\"integration_id\":")
        writer.append(jsonString: id)
        writer.append(",\"outcome\":\"resolved\"")
        answerStart = UInt32(clamping: writer.count)
        writer.appendAnswer(status: status, requestID: requestID)
        answerCount = UInt32(clamping: writer.count) - answerStart
        head = writer.bytes()
    }

    /// `,"status":N,"request_id":"..."` of the call that gave it.
    var answer: ArraySlice<UInt8> { head[Int(answerStart)..<Int(answerStart) + Int(answerCount)] }

    /// What it takes in the cache.
    var byteCount: Int { head.count + 64 }
}
