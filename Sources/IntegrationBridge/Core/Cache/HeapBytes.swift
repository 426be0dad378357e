/// What allocations really take: what was asked for, the array's header, the allocator's own, and the rounding up.
enum HeapBytes {
    private static let arrayHeader = 32
    private static let chunkHeader = 8
    private static let alignment = 16
    /// From here on the allocator maps whole pages.
    private static let mapped = 128 << 10
    private static let page = 4096

    static func ofArray<Element>(of _: Element.Type, capacity: Int) -> Int {
        guard capacity > 0 else { return 0 }
        let bytes = arrayHeader + capacity * MemoryLayout<Element>.stride + chunkHeader
        let unit = bytes < mapped ? alignment : page
        return (bytes + unit - 1) / unit * unit
    }
}
