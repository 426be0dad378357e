/// A look at whether the topics are there, and when it is due.
struct TopicCheck {
    let at: ContinuousClock.Instant
}
