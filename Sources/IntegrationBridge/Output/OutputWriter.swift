internal import JSONText
internal import RDKafka

/// Makes the value of one output record at a time, in a buffer that it reuses.
///
/// The document's bytes are copied, never parsed or encoded again; `lookup` is spliced in before the closing brace.
struct OutputWriter: ~Copyable {
    let format: OutputFormat
    private(set) var value = ByteWriter()
    private var scratch = ByteWriter()
    private var clock = TimestampText()

    init(format: OutputFormat) {
        self.format = format
    }

    /// Fills ``value`` with a document's head and the record's own members of `lookup`.
    mutating func write(
        head: [UInt8], source: LookupSource, attempts: Int, request: LookupRequest, now: Int64
    ) {
        clock.set(now)
        writeCommon(head: head, source: source, attempts: attempts, request: request)
        appendRequestValue(request)
        value.append("}}}")
    }

    /// Fills ``value`` as ``write(head:source:attempts:request:now:)`` did last, without the request's value.
    mutating func writeBare(head: [UInt8], source: LookupSource, attempts: Int, request: LookupRequest) {
        writeCommon(head: head, source: source, attempts: attempts, request: request)
        if request.form != .null { appendValueSize(request) }
        value.append("}}}")
    }

    private mutating func writeCommon(head: [UInt8], source: LookupSource, attempts: Int, request: LookupRequest) {
        value.removeAll()
        head.withUnsafeBytes { value.append($0) }
        value.append(",\"source\":\"")
        value.append(utf8: source.rawValue)
        value.append("\",\"resolved_at\":\"")
        clock.bytes.withUnsafeBytes { value.append($0) }
        value.append("\",\"attempts\":")
        value.append(decimal: Int64(attempts))
        value.append(",")
        request.context.lookupRequest.withUnsafeBytes { value.append($0) }
        value.append(decimal: request.record.offset)
        if request.record.timestamp >= 0 {
            value.append(",\"timestamp\":")
            value.append(decimal: request.record.timestamp)
        }
    }

    private mutating func appendValueSize(_ request: LookupRequest) {
        value.append(",\"value_size\":")
        value.append(decimal: Int64(request.payload.count))
    }

    private mutating func appendRequestValue(_ request: LookupRequest) {
        if request.form == .null { return }
        guard request.payload.count <= format.requestValueLimit else {
            appendValueSize(request)
            return
        }
        switch request.form {
        case .null: return
        case .json:
            value.append(",\"value\":")
            value.append(request.payload)
        case .text:
            value.append(",\"value\":")
            value.append(jsonString: request.payload)
        case .binary:
            value.append(",\"value_base64\":\"")
            value.append(base64: request.payload)
            value.append("\"")
        }
    }

    /// The headers of the record written last: the request's own, then ours.
    mutating func headers(
        _ request: LookupRequest, failure: FailedLookup?, keepsOwn: Bool = true
    ) -> ProducerHeaders {
        var headers = ProducerHeaders(capacity: 16)
        var traceParent: UnsafeRawBufferPointer?
        if keepsOwn, !request.record.headers.isEmpty {
            for header in request.record.headers {
                switch HeaderRule(of: header.name) {
                case .keep: headers.add(name: header.name, value: header.value)
                case .replace: break
                case .traceParent: if traceParent == nil { traceParent = header.value }
                }
            }
        }
        headers.add("ce_specversion", "1.0")
        scratch.removeAll()
        request.context.eventIDPrefix.withUnsafeBytes { scratch.append($0) }
        scratch.append(decimal: request.record.offset)
        scratch.withUnsafeBytes { headers.add("ce_id", $0) }
        format.eventSource.withUnsafeBytes { headers.add("ce_source", $0) }
        headers.add(
            "ce_type",
            failure == nil
                ? "integration-bridge.integration.resolved.v1" : "integration-bridge.integration.failed.v1")
        if let id = request.id { headers.add("ce_subject", id) }
        clock.bytes.withUnsafeBytes { headers.add("ce_time", $0) }
        headers.add("content-type", "application/json")
        if let traceParent { headers.add("traceparent", traceParent) }
        if let failure { addConnectErrors(to: &headers, request, failure) }
        return headers
    }

    private mutating func addConnectErrors(
        to headers: inout ProducerHeaders, _ request: LookupRequest, _ failure: FailedLookup
    ) {
        request.context.topic.withUnsafeBytes { headers.add("__connect.errors.topic", $0) }
        request.context.partition.withUnsafeBytes { headers.add("__connect.errors.partition", $0) }
        scratch.removeAll()
        scratch.append(decimal: request.record.offset)
        scratch.withUnsafeBytes { headers.add("__connect.errors.offset", $0) }
        scratch.removeAll()
        scratch.append("integration-bridge.")
        scratch.append(utf8: failure.reason.rawValue)
        scratch.withUnsafeBytes { headers.add("__connect.errors.exception.class.name", $0) }
        var summary = failure.summary
        summary.withUTF8 { headers.add("__connect.errors.exception.message", UnsafeRawBufferPointer($0)) }
    }
}

extension ProducerHeaders {
    mutating func add(_ name: StaticString, _ value: StaticString) {
        add(name, UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    mutating func add(_ name: StaticString, _ value: UnsafeRawBufferPointer) {
        add(name: UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), value: value)
    }
}
