/// What `AsyncCondition` is to the classes: a task that waits goes on when somebody signals, and not before.
struct ModelCondition {
    private var waiting: [ModelTask] = []

    func holds(_ task: ModelTask) -> Bool { waiting.contains(task) }

    /// To be called where the task finds that its condition does not hold; it looks again once it is woken.
    mutating func wait(_ task: ModelTask) {
        waiting.append(task)
    }

    /// Wakes the tasks that have waited longest.
    mutating func signal(_ count: Int = .max) {
        guard !waiting.isEmpty, count > 0 else { return }
        waiting.removeFirst(min(count, waiting.count))
    }

    /// The task is cancelled, or its deadline has passed.
    mutating func cancel(_ task: ModelTask) {
        waiting.removeAll { $0 == task }
    }
}
