/// Runs something until it is done or its time is up, whichever comes first.
///
/// - Returns: whether it was done; `operation` is cancelled when time is up, and must end then.
func isDone(
    by deadline: MonotonicInstant, _ operation: @escaping @Sendable () async -> Void
) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
        group.addTask {
            await operation()
            return !Task.isCancelled
        }
        group.addTask {
            await MonotonicInstant.sleep(until: deadline)
            return false
        }
        let first = await group.next() ?? false
        group.cancelAll()
        return first
    }
}
