internal import JSONText

extension IntegrationDocument {
    /// The document with every string member of `target` whose name ends in `url`, at any depth and in any case, cut to
    /// `scheme://host[:port]/***`.
    public func redacted() -> IntegrationDocument {
        let redacted: [UInt8]? = bytes.withUnsafeBytes { text in
            var urls: [JSONSlice] = []
            guard let root = try? JSONScanner.validate(text) else { return nil }
            try? JSONScanner.forEachMember(of: root, in: text) { name, value in
                if JSONString.equals(name, in: text, "target") { Self.collectURLs(value, in: text, &urls) }
                return true
            }
            guard !urls.isEmpty else { return nil }
            var writer = ByteWriter(minimumCapacity: text.count)
            var end = 0
            for url in urls {
                writer.append(UnsafeRawBufferPointer(rebasing: text[end..<url.range.lowerBound]))
                writer.append(jsonString: URLText.redacted(JSONString.decode(url, in: text)))
                end = url.range.upperBound
            }
            writer.append(UnsafeRawBufferPointer(rebasing: text[end...]))
            return writer.bytes()
        }
        return redacted.map { IntegrationDocument(bytes: $0, hadLookupMember: hadLookupMember) } ?? self
    }

    private static func collectURLs(_ value: JSONSlice, in text: UnsafeRawBufferPointer, _ urls: inout [JSONSlice]) {
        switch value.kind {
        case .object:
            try? JSONScanner.forEachMember(of: value, in: text) { name, value in
                if value.kind == .string {
                    if JSONString.decode(name, in: text).lowercased().hasSuffix("url") { urls.append(value) }
                } else {
                    collectURLs(value, in: text, &urls)
                }
                return true
            }
        case .array:
            try? JSONScanner.forEachElement(of: value, in: text) { element in
                collectURLs(element, in: text, &urls)
                return true
            }
        default: break
        }
    }
}
