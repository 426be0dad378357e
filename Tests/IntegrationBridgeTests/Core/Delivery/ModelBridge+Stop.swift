@testable import IntegrationBridge

/// The end of a run.
extension ModelBridge {
    func beginStop() {
        guard stop == .running else { return }
        stop = .pipeline
        stopDeadline = world.now + .seconds(6)
        intake.isCancelled = true
        signals.inputWaits.cancel(.pipeline)
        signals.progress.cancel(.pipeline)
        signals.progress.cancel(.stop)
    }

    func stepStop() {
        switch stop {
        case .running: waitForFailure()
        case .pipeline:
            guard case .over = intake.stage else { return }
            abandon(beginDraining())
            hurry(true)
            stop = .drain
        case .drain: drain()
        case .commit:
            if !usesTransactions {
                if !commits.isEmpty { return sendCommits() }
                prepareCommits()
                if !commits.isEmpty { sendCommits() }
            }
            consumer.isClosing = true
            stop = .close
        case .close:
            guard consumer.isClosed, !usesTransactions || hasEndedTransaction() else { return }
            while !producer.queue.isEmpty, world.draw(8) > 0 { producer.flush(world) }
            isOver = true
        }
    }

    private func waitForFailure() {
        if signals.progress.holds(.stop) { return }
        guard hasFailed else { return signals.progress.wait(.stop) }
        skipsDrain = true
        beginStop()
    }

    private func drain() {
        let awaited = ledger.awaitedCount(in: ledger.assignments)
        if awaited < 0 { world.broker.report("more records are given up than there are") }
        if signals.progress.holds(.stop) {
            guard world.now >= stopDeadline else { return }
            if awaited == 0 || hasFailed {
                world.broker.report("the stop waits for records that are not there any more", detail)
            }
            signals.progress.cancel(.stop)
        } else if !skipsDrain, !hasFailed || world.bug == .failureEndsNoDrain, awaited > 0, world.now < stopDeadline {
            return signals.progress.wait(.stop)
        }
        stop = .commit
    }
}
