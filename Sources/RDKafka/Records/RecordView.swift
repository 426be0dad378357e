/// A record where it lies in its batch: nothing is copied or retained. Valid while the batch is alive.
@usableFromInline
package struct RecordView {
    /// Index into the batch's `partitions`.
    @usableFromInline package let partitionIndex: Int
    /// The offset in the partition.
    @usableFromInline package let offset: Int64
    /// Milliseconds since 1970 in UTC; -1 where the record has none.
    @usableFromInline package let timestamp: Int64
    /// The key; nil is a null, which is not the same as an empty one.
    @usableFromInline package let key: UnsafeRawBufferPointer?
    /// The value; nil is a null, which is not the same as an empty one.
    @usableFromInline package let value: UnsafeRawBufferPointer?
    /// The headers in their order.
    @usableFromInline package let headers: HeadersView

    @inlinable
    package init(
        partitionIndex: Int, offset: Int64, timestamp: Int64, key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?, headers: HeadersView
    ) {
        self.partitionIndex = partitionIndex
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }
}
