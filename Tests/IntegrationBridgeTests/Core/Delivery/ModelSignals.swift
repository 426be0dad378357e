/// What the tasks of a bridge wait for.
struct ModelSignals {
    // Of `Resolver`.
    var idleWorkers = ModelCondition()
    var inputWaits = ModelCondition()
    var timerWaits = ModelCondition()
    /// Of `DeliveryLedger`.
    var progress = ModelCondition()
    /// Of `OrderedDelivery`.
    var transactionChanged = ModelCondition()
}
