/// A door closed or opened: worth telling.
enum DoorEvent: Hashable, Sendable {
    /// A 429 closed the gate.
    case gateClosed(for: Duration)
    case breaker(CircuitBreaker.Change)
    case credentials(CredentialsDoor.Change)
}
