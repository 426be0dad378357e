/// Values by the id of an assignment, changed in place: a dictionary allocates for each change of a value through it.
struct AssignmentTable<Value: Sendable>: Sendable {
    private(set) var assignments: [UInt32] = []
    /// In the order of ``assignments``.
    private(set) var all: [Value] = []
    private var positions: [UInt32: Int] = [:]
    /// Where the last one was found: records come in rows from one partition.
    private var last = 0

    subscript(assignment: UInt32) -> Value? {
        if last < assignments.count, assignments[last] == assignment { return all[last] }
        return positions[assignment].map { all[$0] }
    }

    /// Sets the value of an assignment.
    mutating func set(_ value: Value, of assignment: UInt32) {
        if let position = positions[assignment] {
            all[position] = value
        } else {
            positions[assignment] = all.count
            assignments.append(assignment)
            all.append(value)
        }
    }

    /// Changes the value of an assignment where it lies.
    ///
    /// - Returns: what `body` returns; `nil` where there is no such assignment.
    @discardableResult
    mutating func change<Result>(_ assignment: UInt32, _ body: (inout Value) -> Result) -> Result? {
        if last >= assignments.count || assignments[last] != assignment {
            guard let position = positions[assignment] else { return nil }
            last = position
        }
        return body(&all[last])
    }

    /// Forgets an assignment.
    ///
    /// - Returns: its value.
    @discardableResult
    mutating func remove(_ assignment: UInt32) -> Value? {
        guard let position = positions.removeValue(forKey: assignment) else { return nil }
        let moved = assignments[assignments.count - 1]
        assignments.swapAt(position, assignments.count - 1)
        all.swapAt(position, all.count - 1)
        assignments.removeLast()
        if moved != assignment { positions[moved] = position }
        return all.removeLast()
    }
}
