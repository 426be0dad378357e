import JSONText
import Testing

@Suite("Generated documents")
struct GeneratedDocumentTests {
    @Test("What is read agrees with Foundation, and comes back byte for byte the same value")
    func agreesWithFoundation() throws {
        for seed in 0..<4000 {
            var generator = DocumentGenerator(seed: seed)
            let value = generator.value(depth: 5)
            let bytes = Array(generator.text(value).utf8)
            let read = try JSONValue(parsing: bytes)
            #expect(read.bytes == value.bytes, "seed \(seed)")
            #expect(try FoundationJSON.agrees(bytes, with: read), "seed \(seed)")
            #expect(try FoundationJSON.agrees(read.bytes, with: read), "seed \(seed)")
            #expect(try JSONValue(parsing: read.formatted()).bytes == value.bytes, "seed \(seed)")
        }
    }

    @Test("A valid text is one value that ends where its last character does")
    func givesTheRange() throws {
        for seed in 0..<2000 {
            var generator = DocumentGenerator(seed: seed)
            let value = generator.value(depth: 4)
            let bare = generator.bare(value)
            let bytes = Array(" \n\(bare)\t ".utf8)
            let root = try bytes.withUnsafeBytes { try JSONScanner.validate($0) }
            #expect(root.range == 2..<2 + bare.utf8.count, "seed \(seed)")
        }
    }

    @Test("Every cut of a document is refused")
    func refusesPrefixes() {
        for seed in 0..<300 {
            var generator = DocumentGenerator(seed: seed)
            let value = generator.object(depth: 4)
            let bytes = Array(generator.bare(value).utf8)
            for count in 0..<bytes.count where (try? JSONValue(parsing: Array(bytes[..<count]))) != nil {
                Issue.record("seed \(seed): the first \(count) of \(bytes.count) bytes were accepted")
            }
        }
    }

    @Test("A damaged text is accepted or refused as Foundation does, wherever it follows RFC 8259")
    func agreesOnDamage() {
        var accepted = 0
        var refused = 0
        for seed in 0..<12_000 {
            var generator = DocumentGenerator(seed: seed)
            let value = generator.value(depth: 4)
            var bytes = Array(generator.text(value).utf8)
            for _ in 0...generator.pick(3) { damage(&bytes, &generator) }
            let ours = (try? JSONValue(parsing: bytes)) != nil
            if ours { accepted += 1 } else { refused += 1 }
            let validated = (try? bytes.withUnsafeBytes { try JSONScanner.validate($0) }) != nil
            #expect(validated == ours, "seed \(seed)")
            guard isComparable(bytes) else { continue }
            #expect(
                FoundationJSON.accepts(bytes) == ours,
                "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(accepted > 500 && refused > 500)
    }

    private func damage(_ bytes: inout [UInt8], _ generator: inout DocumentGenerator) {
        let syntax =
            Array(#"{}[]",:\ue+-.019tfn /"#.utf8) + [0x00, 0x1F, 0x80, 0xC3, 0xE0, 0xED, 0xF4, 0xFF]
        let place = generator.pick(bytes.count + 1)
        switch generator.pick(4) {
        case 0 where place < bytes.count: bytes.remove(at: place)
        case 1 where place < bytes.count: bytes[place] = syntax[generator.pick(syntax.count)]
        case 2 where place < bytes.count: bytes[place] ^= 1 << UInt8(generator.pick(8))
        default: bytes.insert(syntax[generator.pick(syntax.count)], at: place)
        }
    }

    /// Foundation guesses UTF-16 and UTF-32 from zeros and marks at the start, drops what is no whole surrogate pair in
    /// escapes, has numbers only as far as a double, and lets some commas before a closing bracket pass.
    private func isComparable(_ bytes: [UInt8]) -> Bool {
        if bytes.prefix(4).contains(0) || bytes.first.map({ $0 >= 0x80 }) ?? true { return false }
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        return !text.contains(#"\ud"#) && !text.contains(#/[0-9.]e[+-]?[0-9]{3}/#)
            && !text.contains(#/,\s*[}\]]/#)
    }
}
