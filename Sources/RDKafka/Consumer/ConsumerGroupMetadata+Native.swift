internal import CLibRDKafka

extension ConsumerGroupMetadata {
    /// The membership that a consumer has at the moment; nil where it has none. Waits for the client's main thread.
    ///
    /// Without a generation and a member the broker would take the offsets of a former owner unchecked, as of somebody who
    /// uses no group: what has none is no membership.
    static func current(of client: NativeClient) -> ConsumerGroupMetadata? {
        guard let handle = rd_kafka_consumer_group_metadata(client.handle) else { return nil }
        defer { rd_kafka_consumer_group_metadata_destroy(handle) }
        var buffer: UnsafeMutableRawPointer?
        var size = 0
        if let error = rd_kafka_consumer_group_metadata_write(handle, &buffer, &size) {
            rd_kafka_error_destroy(error)
            return nil
        }
        defer { rd_kafka_mem_free(nil, buffer) }
        guard let membership = Self(serialized: UnsafeRawBufferPointer(start: buffer, count: size)),
            membership.generation >= 0, !membership.memberID.isEmpty
        else { return nil }
        return membership
    }

    /// Reads what librdkafka writes, as it has no other way to ask for the generation: `CGMDv2:`, the generation, group and
    /// member each up to a zero, a byte that is 0 where an instance id follows.
    init?(serialized bytes: UnsafeRawBufferPointer) {
        let magic = Array("CGMDv2:".utf8)
        let fixed = magic.count + MemoryLayout<Int32>.size
        guard bytes.count > fixed, bytes.prefix(magic.count).elementsEqual(magic) else { return nil }
        let generation = bytes.loadUnaligned(fromByteOffset: magic.count, as: Int32.self)
        var rest = bytes.dropFirst(fixed)
        func text() -> String? {
            guard let end = rest.firstIndex(of: 0) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return String(decoding: rest[..<end], as: UTF8.self)
        }
        guard let groupID = text(), let memberID = text(), let isWithoutInstance = rest.popFirst() else { return nil }
        var instanceID: String?
        if isWithoutInstance == 0 {
            instanceID = text()
            if instanceID == nil { return nil }
        }
        self.init(groupID: groupID, generation: generation, memberID: memberID, instanceID: instanceID)
    }

    /// Gives it as the library's object for the length of a call.
    func withNative<R>(_ body: (OpaquePointer) -> R) -> R {
        let handle = rd_kafka_consumer_group_metadata_new_with_genid(groupID, generation, memberID, instanceID)
        // It only allocates: there is no failure to tell of.
        let pointer = handle.unsafelyUnwrapped
        defer { rd_kafka_consumer_group_metadata_destroy(pointer) }
        return body(pointer)
    }
}
