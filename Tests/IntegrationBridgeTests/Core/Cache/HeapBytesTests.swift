import Testing

@testable import IntegrationBridge

@Suite("HeapBytes")
struct HeapBytesTests {
    #if canImport(Glibc)
        @Test("An array is counted with its header, the allocator's, and what was rounded up")
        func arrays() {
            #expect(HeapBytes.ofArray(of: UInt8.self, capacity: 0) == 0)
            for asked in [1, 7, 8, 9, 24, 25, 200, 1000, 5000, 20_480, 100_000] {
                let array = [UInt8](repeating: 7, count: asked)
                // The capacity tells what the allocator gave: all of it but the two headers. What would be left of a larger
                // piece, if it is too little for another one, is given with it.
                let left = array.capacity + 40 - HeapBytes.ofArray(of: UInt8.self, capacity: asked)
                #expect(left == 0 || left == 16, "\(asked): \(left)")
            }
        }
    #endif

    @Test("An entry of references fits in one cache line")
    func entry() {
        #expect(MemoryLayout<CacheEntry<SomeReference>>.stride <= 64)
    }

    private final class SomeReference: Sendable {}
}
