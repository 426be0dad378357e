import Dispatch

/// Where simulations compute: a thread beside the pool, which tests that wait for something share.
enum Simulations {
    private static let queue = DispatchQueue(label: "simulations")

    /// Computes on that thread, one after the other.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }
}
