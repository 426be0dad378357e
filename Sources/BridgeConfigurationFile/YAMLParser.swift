internal import CLibYAML

/// Owns libyaml's parser and the text that it reads.
final class YAMLParser {
    // On the heap, because libyaml keeps pointers into its own struct and into the text.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>

    init?(_ bytes: [UInt8]) {
        parser = .allocate(capacity: 1)
        text = .allocate(capacity: bytes.count)
        _ = text.initialize(from: bytes)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            text.deallocate()
            return nil
        }
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        text.deallocate()
    }

    /// The next event; nothing may be asked after `.end` or an error.
    func next() throws(YAMLProblem) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
        defer { yaml_event_delete(&event) }
        var result = YAMLEvent(
            kind: .other, line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
        case YAML_MAPPING_START_EVENT:
            result.kind = .mappingStart
            result.isDecorated = event.data.mapping_start.anchor != nil || event.data.mapping_start.tag != nil
        case YAML_MAPPING_END_EVENT: result.kind = .mappingEnd
        case YAML_SEQUENCE_START_EVENT:
            result.kind = .sequenceStart
            result.isDecorated = event.data.sequence_start.anchor != nil || event.data.sequence_start.tag != nil
        case YAML_SEQUENCE_END_EVENT: result.kind = .sequenceEnd
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            // By its length: a scalar may hold NUL.
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            result.kind = .scalar(
                String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
            result.isDecorated = scalar.anchor != nil || scalar.tag != nil
        case YAML_ALIAS_EVENT: result.kind = .alias
        case YAML_STREAM_END_EVENT: result.kind = .end
        default: break
        }
        return result
    }

    private func problem() -> YAMLProblem {
        let what = parser.pointee.problem.map { String(cString: $0) } ?? "out of memory"
        let isReader = parser.pointee.error == YAML_READER_ERROR
        let mark = isReader ? parser.pointee.mark : parser.pointee.problem_mark
        // A tab is what this nearly always means, and the message does not say so.
        let hint = what.contains("cannot start any token") ? "; indent with spaces, and quote texts that begin so" : ""
        return YAMLProblem(
            line: Int(mark.line) + 1, column: Int(mark.column) + 1, message: "is not YAML: \(what)\(hint)")
    }
}
