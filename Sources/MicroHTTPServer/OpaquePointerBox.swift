/// A connection of the daemon as a value that threads may hand to one another.
///
/// `@unchecked Sendable`: only its address is compared, and it is used under the lock of ``HTTPServer/Handler``.
struct OpaquePointerBox: @unchecked Sendable, Hashable {
    let pointer: OpaquePointer
}
