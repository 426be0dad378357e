internal import JSONText

/// An Integration as the API gave it: bytes that were checked, and are passed on without being decoded.
public struct IntegrationDocument: Sendable {
    /// The object's text without white space around it, and without members `lookup` of its own.
    public let bytes: [UInt8]
    /// Whether the API's document had a member `lookup`, which is not in ``bytes``.
    public let hadLookupMember: Bool

    init(bytes: [UInt8], hadLookupMember: Bool) {
        self.bytes = bytes
        self.hadLookupMember = hadLookupMember
    }

    /// Checks a body in one pass: a JSON object in UTF-8 with every member that the API's schema requires, in its type; the
    /// first of repeated members counts. Of an unknown kind of target only `kind` is required.
    ///
    /// - Parameters:
    ///   - body: what the API answered.
    ///   - expectedID: the id that was asked for, which the document must have.
    /// - Throws: ``IntegrationDocumentError``, which names what is wrong and holds no value of the document.
    public init(checking body: [UInt8], expectedID: String) throws(IntegrationDocumentError) {
        try self.init(checking: body, expectedID: Array(expectedID.utf8))
    }

    init(checking body: [UInt8], expectedID: [UInt8]) throws(IntegrationDocumentError) {
        let checked = expectedID.withUnsafeBytes { id in
            body.withUnsafeBytes { text in
                var check = IntegrationCheck(text: text, expectedID: id)
                return check.run()
            }
        }
        switch checked {
        case .failure(let error): throw error
        case .success(let root) where root.lookupMembers > 0:
            bytes = body.withUnsafeBytes { Self.withoutLookup(root.object, in: $0) }
            hadLookupMember = true
        case .success(let root):
            let range = root.object.range
            bytes = range.count == body.count ? body : Array(body[range])
            hadLookupMember = false
        }
    }

    private static func withoutLookup(_ object: JSONSlice, in text: UnsafeRawBufferPointer) -> [UInt8] {
        var writer = ByteWriter(minimumCapacity: text.count)
        writer.append("{")
        try? JSONScanner.forEachMember(of: object, in: text) { name, value in
            guard !JSONString.equals(name, in: text, "lookup") else { return true }
            if writer.count > 1 { writer.append(",") }
            writer.append(UnsafeRawBufferPointer(rebasing: text[name.range]))
            writer.append(":")
            writer.append(UnsafeRawBufferPointer(rebasing: text[value.range]))
            return true
        }
        writer.append("}")
        return writer.bytes()
    }
}
