/// A call's answer: what it means for its flight, and what it said of the rate limit.
struct CallAnswer<Document: Sendable, Failure: Sendable>: Sendable {
    var verdict: CallVerdict<Document, Failure>
    var budget: BudgetReport?

    init(_ verdict: CallVerdict<Document, Failure>, budget: BudgetReport? = nil) {
        self.verdict = verdict
        self.budget = budget
    }
}
