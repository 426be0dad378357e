@testable import IntegrationBridge

/// The end of a run.
extension ModelBridge {
    func beginStop() {
        guard stop == .running else { return }
        stop = .pipeline
        intake.isPipelineCancelled = true
        stopDeadline = world.now + .seconds(6)
    }

    func stepStop() {
        switch stop {
        case .running:
            if hasFailed { beginStop() }
        case .pipeline:
            guard case .over = intake.stage else { return }
            abandon(resolver.beginDraining(now: world.now).map(\.token))
            isHurried = true
            stop = .drain
        case .drain:
            guard hasFailed || world.now >= stopDeadline || ledger.awaitedCount(in: ledger.assignments) == 0 else {
                return
            }
            if ledger.awaitedCount(in: ledger.assignments) < 0 {
                world.broker.report("more records are given up than there are")
            }
            stop = .commit
        case .commit:
            if !usesTransactions {
                if !commits.isEmpty { return sendCommits() }
                prepareCommits()
                if !commits.isEmpty { sendCommits() }
            }
            consumer.isClosing = true
            stop = .close
        case .close:
            guard consumer.isClosed else { return }
            if usesTransactions { endOpenTransaction() }
            while !producer.queue.isEmpty, world.draw(8) > 0 { producer.flush(world) }
            isOver = true
        }
    }
}
