internal import JSONText
internal import NotificationsAPI

/// A Failure ready to be sent: shared by every record of the flight that failed.
final class FailedLookup: Sendable {
    let reason: FailureReason
    /// One line for Kafka Connect's `__connect.errors.exception.message`.
    let summary: String
    /// The document up to its closing brace, then `,"lookup":{` and the members that are the same for every record.
    let head: [UInt8]
    /// Where `status` and `request_id` stand in the head, up to its end.
    private let answerStart: Int

    /// What it takes in the cache.
    var byteCount: Int { head.count + summary.utf8.count + 96 }

    convenience init(
        _ failure: Failure, reason: FailureReason, id: UnsafeRawBufferPointer?, status: Int? = nil,
        requestID: String? = nil
    ) {
        var answer = ByteWriter()
        answer.appendAnswer(status: status, requestID: requestID)
        self.init(failure, reason: reason, id: id, answer: answer.bytes()[...])
    }

    /// - Parameter answer: `,"status":N,"request_id":"..."`, each where there is one.
    init(_ failure: Failure, reason: FailureReason, id: UnsafeRawBufferPointer?, answer: ArraySlice<UInt8>) {
        self.reason = reason
        summary = failure.summary
        var writer = ByteWriter()
        failure.write(to: &writer)
        writer.truncate(to: writer.count - 1)
        writer.append(",\"lookup\":{")
        if let id {
            writer.append("\"integration_id\":")
            writer.append(jsonString: id)
            writer.append(",")
        }
        writer.append("\"outcome\":\"failed\",\"reason\":\"")
        writer.append(utf8: reason.rawValue)
        writer.append(reason.isRetriable ? "\",\"retryable\":true" : "\",\"retryable\":false")
        answerStart = writer.count
        answer.withUnsafeBytes { writer.append($0) }
        head = writer.bytes()
    }

    /// `,"status":N,"request_id":"..."` of the call that gave it, each where there is one.
    var answer: ArraySlice<UInt8> { head[answerStart...] }
}

extension ByteWriter {
    /// `,"status":N,"request_id":"..."`, each where there is one.
    mutating func appendAnswer(status: Int?, requestID: String?) {
        if let status {
            append(",\"status\":")
            append(decimal: Int64(status))
        }
        if var requestID {
            append(",\"request_id\":")
            requestID.withUTF8 { append(jsonString: UnsafeRawBufferPointer($0)) }
        }
    }
}

extension FailedLookup {
    /// A request that names no integration.
    convenience init(_ fault: IntakeFault) {
        self.init(
            Failure(code: fault.code, title: "Invalid request", detail: fault.detail, pointer: fault.pointer),
            reason: .invalidRequest, id: nil)
    }
}
