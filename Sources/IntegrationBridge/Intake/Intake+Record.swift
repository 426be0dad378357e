internal import JSONText
internal import RDKafka

extension Intake {
    /// Reads a request's value as its `content-type` says.
    mutating func read(_ record: RecordView) -> IntakeResult {
        read(value: record.value, isPlainText: Self.isPlainText(record.headers))
    }

    private static func isPlainText(_ headers: HeadersView) -> Bool {
        if headers.isEmpty { return false }
        for header in headers where header.name.hasSameBytes(as: "content-type") {
            guard let value = header.value else { return false }
            let mediaType = value.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
            return mediaType.count == plainText.count
                && zip(mediaType, plainText).allSatisfy { ($0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0) == $1 }
        }
        return false
    }

    private static let plainText = Array("text/plain".utf8)
}
