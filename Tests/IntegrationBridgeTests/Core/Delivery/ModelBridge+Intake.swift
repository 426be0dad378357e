@testable import IntegrationBridge

/// The pipeline.
extension ModelBridge {
    func stepPipeline() {
        if signals.inputWaits.holds(.pipeline) || signals.progress.holds(.pipeline) { return }
        switch intake.stage {
        case .over: break
        case .idle:
            if intake.isCancelled {
                intake.stage = .over
            } else if !intake.mailbox.isEmpty {
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
            resolve(&intake.items)
            intake.items.removeAll { $0.topic == nil }
            intake.stage = .delivering(0)
        case .delivering(let index): deliverItem(index)
        case .waiting:
            if resolver.isFull, !intake.isCancelled {
                signals.inputWaits.wait(.pipeline)
            } else {
                intake.stage = .idle
            }
        }
    }

    private func deliverItem(_ index: Int) {
        guard index < intake.items.count, let topic = intake.items[index].topic else {
            intake.stage = .waiting
            return
        }
        let waiter = intake.items[index].waiter
        switch sendFromBatch(Result(waiter: waiter, topic: topic)) {
        case .taken(let heldBytes): resolver.release(-heldBytes)
        case .dropped: abandon([waiter.token])
        case .full:
            guard intake.isCancelled else { return signals.progress.wait(.pipeline) }
            abandon(intake.items[index...].map(\.waiter.token))
            intake.stage = .idle
            return
        }
        intake.stage = .delivering(index + 1)
    }
}
