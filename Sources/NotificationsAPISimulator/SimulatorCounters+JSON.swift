public import JSONText

extension SimulatorCounters {
    /// The counters as one JSON object.
    public var json: JSONValue {
        func number(_ value: Int) -> JSONValue { .number("\(value)") }
        func counts(_ values: [(String, Int)]) -> JSONValue {
            .object(values.sorted { $0.0 < $1.0 }.map { .init($0.0, number($0.1)) })
        }
        return .object([
            .init("calls", number(calls)), .init("lookups", number(lookups)), .init("listings", number(listings)),
            .init("exchanges", number(exchanges)), .init("tokens_issued", number(tokensIssued)),
            .init("rate_limited", number(rateLimited)), .init("concurrency_limited", number(concurrencyLimited)),
            .init("by_status", counts(byStatus.map { ("\($0.key)", $0.value) })),
            .init("by_id", counts(byID.map { ($0.key, $0.value) })),
            .init("by_caller", counts(byCaller.map { ($0.key, $0.value) })),
            .init(
                "windows",
                .array(
                    windows.map { window in
                        .object([
                            .init("used", number(window.used)), .init("limit", number(window.limit)),
                            .init("refused", number(window.refused)),
                            .init("by_caller", counts(window.byCaller.map { ($0.key, $0.value) })),
                        ])
                    })),
        ])
    }
}
