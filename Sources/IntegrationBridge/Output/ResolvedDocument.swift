internal import JSONText
internal import NotificationsAPI

/// An Integration ready to be sent: shared by the cache and by every record that asks for it.
final class ResolvedDocument: Sendable {
    /// The document up to its closing brace, then `,"lookup":{` and the members that are the same for every record.
    let head: [UInt8]
    /// Whether the API's document had a member `lookup` of its own, which gave way to ours.
    let replacedLookup: Bool

    init(_ document: IntegrationDocument, id: UnsafeRawBufferPointer, status: Int?, requestID: String?) {
        replacedLookup = document.hadLookupMember
        var writer = ByteWriter()
        document.bytes.withUnsafeBytes { writer.append(UnsafeRawBufferPointer(rebasing: $0.dropLast())) }
        writer.append(",\"lookup\":{\"integration_id\":")
        writer.append(jsonString: id)
        writer.append(",\"outcome\":\"resolved\"")
        writer.appendAnswer(status: status, requestID: requestID)
        head = writer.bytes()
    }

    /// What it takes in the cache.
    var byteCount: Int { head.count + 64 }
}
