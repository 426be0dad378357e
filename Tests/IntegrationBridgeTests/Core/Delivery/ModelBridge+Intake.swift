@testable import IntegrationBridge

/// The pipeline and the workers.
extension ModelBridge {
    func stepPipeline() {
        switch intake.stage {
        case .over: break
        case .idle:
            if intake.isPipelineCancelled {
                intake.stage = .over
            } else if !resolver.isFull, !intake.mailbox.isEmpty {
                intake.stage = .accepting(intake.mailbox.removeFirst())
            }
        case .accepting(let records):
            intake.items = records.compactMap { record in
                guard contexts[record.assignment] != nil,
                    let token = ledger.accept(assignment: record.assignment, offset: record.input.offset)
                else { return nil }
                // Some are no requests.
                return .init(
                    waiter: ModelWaiter(token: token, input: record.input),
                    topic: record.input.offset % 11 == 3 ? 1 : nil)
            }
            intake.stage = .resolving
        case .resolving:
            for index in intake.items.indices where intake.items[index].topic == nil {
                let waiter = intake.items[index].waiter
                let answer = Array("id-\((waiter.input.offset * 7 + Int64(waiter.input.partition)) % 13)".utf8)
                    .withUnsafeBytes { resolver.admit($0, hash: resolver.hash(of: $0), now: world.now) { waiter } }
                intake.items[index].topic = answer.map { Self.topic($0.outcome) }
            }
            intake.items.removeAll { $0.topic == nil }
            intake.stage = .delivering(0)
        case .delivering(let index): deliverItem(index)
        }
    }

    static func topic(_ outcome: FlightOutcome<String, String>) -> Int {
        switch outcome {
        case .resolved: 0
        case .failed: 1
        }
    }

    private func deliverItem(_ index: Int) {
        guard index < intake.items.count, let topic = intake.items[index].topic else {
            intake.stage = .idle
            return
        }
        if intake.fullAt == roomCount, !intake.isPipelineCancelled { return }
        let waiter = intake.items[index].waiter
        let room = roomCount
        switch sendFromBatch(Result(waiter: waiter, topic: topic)) {
        case .taken(let heldBytes): resolver.release(-heldBytes)
        case .dropped: abandon([waiter.token])
        case .full:
            guard intake.isPipelineCancelled else {
                intake.fullAt = room
                return
            }
            abandon(intake.items[index...].map(\.waiter.token))
            intake.stage = .idle
            return
        }
        intake.fullAt = nil
        intake.stage = .delivering(index + 1)
    }

    // MARK: Workers

    func stepWorkers() {
        switch world.draw(3) {
        case 0: startWork()
        case 1: answerCall()
        default: deliverLanded()
        }
    }

    private func startWork() {
        guard intake.calls.count + intake.landed.count < ModelIntake.workers else { return }
        switch resolver.nextWork(now: world.now) {
        case .call(let call): intake.calls.append(call)
        case .landed(let landing): land(landing)
        case nil: break
        }
    }

    private func land(_ landing: Machine.Landing) {
        intake.landed.append(.init(waiters: landing.waiters, topic: Self.topic(landing.outcome)))
    }

    private func answerCall() {
        guard !intake.calls.isEmpty, world.draw(3) == 0 else { return }
        let call = intake.calls.remove(at: world.draw(intake.calls.count))
        let verdict: CallVerdict<String, String> =
            switch world.hasFaults ? world.draw(40) : 1 {
            case 0: .rateLimited(retryAfter: .milliseconds(world.draw(2000)))
            case 2: .callAgain
            case 3...7: .retry("500", answered: world.draw(2) == 0)
            case 8, 9: .failed("400", bytes: nil)
            default: call.id.last == 0x33 ? .failed("404", bytes: 10) : .resolved("ok", bytes: 10)
            }
        switch resolver.complete(call, CallAnswer(verdict), now: world.now).completion {
        case .landed(let landing): land(landing)
        case .tryingAgain: break
        case .givenUp(let waiters): abandon(waiters.map(\.token))
        }
    }

    /// Takes one waiter of one flight a step further.
    private func deliverLanded() {
        guard !intake.landed.isEmpty else { return }
        let pick = world.draw(intake.landed.count)
        var flight = intake.landed[pick]
        guard flight.index < flight.waiters.count else {
            resolver.release(flight.waiters.reduce(0) { $0 + $1.heldBytes } - flight.heldBytes)
            intake.landed.remove(at: pick)
            return
        }
        let waiter = flight.waiters[flight.index]
        if !flight.isChecked {
            flight.isChecked = true
            if contexts[waiter.assignment] == nil {
                flight.index += 1
                flight.isChecked = false
            }
        } else if flight.fullAt != roomCount {
            let room = roomCount
            switch sendHeld(Result(waiter: waiter, topic: flight.topic)) {
            case .full: flight.fullAt = room
            case .taken(let heldBytes):
                flight.heldBytes += heldBytes
                flight.index += 1
                flight.isChecked = false
            case .dropped:
                abandon([waiter.token])
                flight.index += 1
                flight.isChecked = false
            }
        }
        intake.landed[pick] = flight
    }
}
