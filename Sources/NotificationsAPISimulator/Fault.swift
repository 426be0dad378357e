/// A fault that an id orders, by its name.
///
/// An id is `<fault>` or `<fault>-<anything>`, so that many ids can share a fault.
enum Fault: Hashable {
    /// An error of this status; after `count` of them the integration, where a count is given.
    case status(Int, count: Int?)
    case slow(milliseconds: Int)
    case hang
    case reset
    case close
    case html
    case htmlOK
    case empty
    case truncated
    case cutJSON
    case oversized
    case gzip
    case wrongID
    case notIntegration
    case missingTarget
    case ownLookup
    case unauthorized
    case forbiddenKey
    case redirectSame
    case redirectOther
    case rateLimited
    case oddError(Int)
    case largeError

    private static let named: [(name: String, fault: Fault)] = [
        ("hang", .hang), ("reset", .reset), ("close", .close), ("html-200", .htmlOK), ("html", .html),
        ("empty", .empty), ("truncated", .truncated), ("cut-json", .cutJSON), ("oversized", .oversized),
        ("gzip", .gzip), ("wrong-id", .wrongID), ("not-integration", .notIntegration),
        ("missing-target", .missingTarget), ("lookup-member", .ownLookup), ("unauthorized", .unauthorized),
        ("forbidden-key", .forbiddenKey), ("redirect-same", .redirectSame), ("redirect-other", .redirectOther),
        ("rate-limited", .rateLimited), ("large-error", .largeError),
    ]

    /// The fault that an id orders; `nil` for the many that order none.
    init?(id: String) {
        // Most ids order nothing: one look at the first byte.
        guard let first = id.utf8.first, "fshrcetogwnmlu".utf8.contains(first) else { return nil }
        let parts = id.split(separator: "-", omittingEmptySubsequences: false)
        if parts.count > 1, parts[0] == "fail", let status = Int(parts[1]), (300...599).contains(status) {
            let count = parts.count > 2 ? Int(parts[2]).flatMap { $0 < 1000 ? $0 : nil } : nil
            self = .status(status, count: count)
            return
        }
        if parts.count > 1, parts[0] == "slow", parts[1].hasSuffix("ms"), let time = Int(parts[1].dropLast(2)) {
            self = .slow(milliseconds: min(time, 600_000))
            return
        }
        if parts.count > 2, parts[0] == "odd", parts[1] == "error", let number = Int(parts[2]) {
            self = .oddError(number)
            return
        }
        for (name, fault) in Self.named where id == name || id.hasPrefix(name + "-") {
            self = fault
            return
        }
        return nil
    }
}
