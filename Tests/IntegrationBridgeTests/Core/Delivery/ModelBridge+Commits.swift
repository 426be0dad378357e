@testable import IntegrationBridge

/// Commits of a bridge without transactions.
extension ModelBridge {
    /// Prepares a commit, or sends one; its thread may stand still in between.
    func stepCommits() {
        if world.now < stalledUntil { return }
        guard commits.isEmpty else { return sendCommits() }
        guard world.draw(6) == 0 else { return }
        prepareCommits()
        stall()
    }

    func prepareCommits() {
        commits = ledger.takeCommits().compactMap { commit in
            contexts[commit.assignment].map { (commit, $0.partition, $0.epoch) }
        }
        if world.bug == .positionCommitted {
            for index in commits.indices {
                commits[index].commit.offset = consumer.positions[commits[index].partition] ?? 0
            }
        }
    }

    func sendCommits() {
        let sent = commits
        commits = []
        let isOutdated = sent.contains { $0.epoch != consumer.epoch } && world.bug != .commitOutlivesAssignment
        let isStranger = sent.contains { consumer.positions[$0.partition] == nil }
        let isDone =
            consumer.acceptsCommits && !isOutdated && !isStranger
            && commit(sent.map { ($0.partition, $0.commit.offset) })
        if !isDone, world.bug != .failedCommitForgotten { ledger.commitFailed(sent.map(\.commit)) }
    }

    /// - Returns: whether the brokers said yes.
    func commit(_ offsets: [(partition: Int, offset: Int64)]) -> Bool {
        guard let member = consumer.member, !world.strikes(.failedCommit) else { return false }
        do throws(ModelBroker.Refusal) {
            try world.broker.commit(offsets, member: member, generation: consumer.generation)
        } catch {
            return false
        }
        return !world.strikes(.failedCommit)
    }
}
