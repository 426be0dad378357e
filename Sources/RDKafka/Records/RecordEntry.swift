/// Where a record lies in its batch's arena: key, value and headers, one after the other.
@usableFromInline
struct RecordEntry: BitwiseCopyable {
    @usableFromInline var start: Int
    @usableFromInline var offset: Int64
    @usableFromInline var timestamp: Int64
    /// -1 is a null.
    @usableFromInline var keyLength: Int32
    /// -1 is a null.
    @usableFromInline var valueLength: Int32
    @usableFromInline var headersLength: Int32
    @usableFromInline var partitionIndex: Int32
    @usableFromInline var timestampKind: UInt8

    init(
        start: Int, offset: Int64, timestamp: Int64, keyLength: Int32, valueLength: Int32, headersLength: Int32,
        partitionIndex: Int32, timestampKind: UInt8
    ) {
        self.start = start
        self.offset = offset
        self.timestamp = timestamp
        self.keyLength = keyLength
        self.valueLength = valueLength
        self.headersLength = headersLength
        self.partitionIndex = partitionIndex
        self.timestampKind = timestampKind
    }
}
