@testable import IntegrationBridge

/// The workers.
extension ModelBridge {
    /// One that does not wait takes a step.
    func stepWorkers() {
        let first = world.draw(workers.count)
        for offset in workers.indices {
            let index = (first + offset) % workers.count
            if signals.idleWorkers.holds(.worker(index)) || signals.progress.holds(.worker(index)) { continue }
            return stepWorker(index)
        }
    }

    private func stepWorker(_ index: Int) {
        switch workers[index] {
        case .looking:
            switch nextWork() {
            case .call(let call): workers[index] = .calling(call)
            case .landed(let landing): land(landing, index)
            case nil: if !resolver.hasWork(now: world.now) { signals.idleWorkers.wait(.worker(index)) }
            }
        case .calling(let call):
            // The way there and back takes time.
            guard world.draw(3) == 0 else { return }
            workers[index] = .looking
            if let landing = complete(call, verdict(on: call)) { land(landing, index) }
        case .delivering(let flight): deliver(flight, index)
        }
    }

    private func verdict(on call: Machine.Call) -> CallVerdict<String, String> {
        switch world.hasFaults ? world.draw(40) : 1 {
        case 0: .rateLimited(retryAfter: .milliseconds(world.draw(2000)))
        case 2: .callAgain
        case 3...7: .retry("500", answered: world.draw(2) == 0)
        case 8, 9: .failed("400", bytes: nil)
        default: call.id.last == 0x33 ? .failed("404", bytes: 10) : .resolved("ok", bytes: 10)
        }
    }

    private func land(_ landing: Machine.Landing, _ index: Int) {
        workers[index] = .delivering(.init(waiters: landing.waiters, topic: Self.topic(landing.outcome)))
    }

    /// Takes one waiter of the flight a step further.
    private func deliver(_ flight: ModelWorker.Landed, _ index: Int) {
        var flight = flight
        guard flight.index < flight.waiters.count else {
            release(flight.waiters.reduce(0) { $0 + $1.heldBytes } - flight.heldBytes)
            workers[index] = .looking
            return
        }
        let waiter = flight.waiters[flight.index]
        if !flight.isChecked {
            flight.isChecked = contexts[waiter.assignment] != nil
            if !flight.isChecked { flight.index += 1 }
        } else {
            switch sendHeld(Result(waiter: waiter, topic: flight.topic)) {
            case .full: return signals.progress.wait(.worker(index))
            case .taken(let heldBytes): flight.heldBytes += heldBytes
            case .dropped: abandon([waiter.token])
            }
            flight.index += 1
            flight.isChecked = false
        }
        workers[index] = .delivering(flight)
    }
}
