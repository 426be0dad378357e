/// An answer's report, with what is known of the call. Times are seconds since some start.
struct QuotaNews: Sendable {
    /// No number of calls is taken for more: sums must not overflow.
    private static let most = 1 << 40

    var limit: Int?
    var remaining: Int
    /// Whole seconds, rounded up.
    var reset: Double
    var number: Int
    var sentAt: Double
    var receivedAt: Double
    /// The number of this bridge's last call that the quota still has room for, were there nobody else: what is under way
    /// and was sent after this one is not counted in `remaining` yet.
    var lastCall: Int

    /// - Returns: `nil` where the answer does not say what is left and until when.
    init?(
        _ report: BudgetReport, _ ticket: CallTicket, start: MonotonicInstant, now: MonotonicInstant,
        sent: Int, inFlight: Int
    ) {
        guard let remaining = report.remaining, let reset = report.reset else { return nil }
        limit = report.limit.map { max(0, min($0, Self.most)) }
        self.remaining = max(0, min(remaining, Self.most))
        self.reset = max(0, min(reset.inSeconds, 1e6))
        number = ticket.number
        sentAt = start.seconds(to: ticket.sentAt)
        receivedAt = start.seconds(to: now)
        lastCall = self.remaining + sent - min(inFlight, sent - ticket.number)
    }
}
