import Testing

@testable import IntegrationBridge

@Suite("ByteIndex and its hash")
struct ByteIndexTests {
    @Test("Random inserts and removals agree with a dictionary, also where all hashes collide", arguments: 0..<40)
    func againstDictionary(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let spread: UInt64 = seed % 2 == 0 ? 3 : .max
        var index = ByteIndex()
        var model: [Int: UInt64] = [:]
        for _ in 0..<3000 {
            let entry = Int.random(in: 0..<500, using: &random)
            if let hash = model[entry] {
                index.remove(hash, entry: entry)
                model[entry] = nil
            } else {
                let hash = random.next() % spread
                index.insert(hash, entry: entry)
                model[entry] = hash
            }
            #expect(index.count == model.count)
        }
        for (entry, hash) in model {
            #expect(index.find(hash) { $0 == entry } == entry, "seed \(seed)")
        }
        for entry in 0..<500 where model[entry] == nil {
            #expect(index.find(UInt64(entry)) { $0 == entry } == nil, "seed \(seed)")
        }
    }

    @Test("Short keys that differ in one byte or in length hash apart")
    func hashSpreads() {
        let hash = ByteHash(seed: 1)
        var seen = Set<UInt64>()
        var keys = 0
        for length in 0...20 {
            for position in 0..<max(length, 1) {
                for byte in UInt8(1)...20 {
                    var key = [UInt8](repeating: 0, count: length)
                    if length > 0 { key[position] = byte }
                    seen.insert(key.withUnsafeBytes { hash($0) })
                    keys += 1
                    if length == 0 { break }
                }
            }
        }
        #expect(seen.count == keys)
    }
}
