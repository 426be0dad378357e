/// Partitions go away, or the bridge ends.
extension ResolverMachine {
    /// From now on a failed call is not tried again.
    ///
    /// - Returns: the records that are given back at once, see ``giveBackWaiting(_:now:)``.
    mutating func beginDraining(now: MonotonicInstant) -> [Waiter] {
        isDraining = true
        for slot in flights.indices {
            if let flight = flights[slot], flight.queue == .refresh, flight.state != .calling { removeFlight(slot) }
        }
        return giveBackWaiting(nil, now: now)
    }

    /// Takes back the records, of these assignments or of all, for which no call was made yet, or none can be made now.
    ///
    /// What waits for another attempt gets it at once, because much that came later may be done already, and would be done
    /// again with it.
    mutating func giveBackWaiting(_ assignments: Set<UInt32>?, now: MonotonicInstant) -> [Waiter] {
        let isOpen = doors.closed(at: now) == nil
        for slot in flights.indices where isOpen {
            guard let flight = flights[slot], flight.state == .backingOff,
                flight.waiters.contains(where: { assignments?.contains($0.assignment) ?? true })
            else { continue }
            makeReady(slot)
        }
        return abandon(assignments) { $0.state != .calling && !(isOpen && $0.firstCall != nil) }
    }

    /// Takes back all records of these assignments, or all. A call that is under way goes on, for the cache.
    mutating func abandon(_ assignments: Set<UInt32>?) -> [Waiter] {
        abandon(assignments) { _ in true }
    }

    /// A flight that is left without records ends, unless its call is under way, or it never had any.
    private mutating func abandon(_ assignments: Set<UInt32>?, where matches: (Flight<Waiter>) -> Bool) -> [Waiter] {
        var abandoned: [Waiter] = []
        for slot in flights.indices {
            guard let flight = flights[slot], matches(flight) else { continue }
            let leaving = flight.waiters.filter { assignments?.contains($0.assignment) ?? true }
            guard !leaving.isEmpty else { continue }
            abandoned.append(contentsOf: leaving)
            if let assignments {
                flights[slot]?.waiters.removeAll { assignments.contains($0.assignment) }
            } else {
                flights[slot]?.waiters = []
            }
            if flights[slot]?.waiters.isEmpty == true, flight.state != .calling { removeFlight(slot) }
        }
        for waiter in abandoned { release(waiter.heldBytes) }
        return abandoned
    }
}
