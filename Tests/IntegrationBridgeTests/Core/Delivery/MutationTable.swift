@testable import IntegrationBridge

/// How the simulation catches each planted bug, as a table of Markdown: how many of the first seeds find it, and in brackets
/// the first that does.
struct MutationTable {
    /// Seeds of each mode.
    let seeds: UInt64

    var text: String {
        let modes = DeliveryMode.allCases.map { "\($0)" }.joined(separator: " | ")
        let head = ["| planted bug | in the real world | found as | \(modes) |", "|---|---|---|---|---|---|"]
        return (head + PlantedBug.allCases.map(row)).joined(separator: "\n")
    }

    private func row(_ bug: PlantedBug) -> String {
        var counts: [String: Int] = [:]
        var cells: [String] = []
        for mode in DeliveryMode.allCases {
            guard bug.modes.contains(mode) else {
                cells.append("-")
                continue
            }
            var found = 0
            var first: UInt64?
            for seed in 0..<seeds {
                var scenario = DeliveryScenario(seed: seed, mode: mode, bug: bug, start: .now)
                guard let violation = scenario.run() else { continue }
                found += 1
                first = first ?? seed
                counts[violation.kind, default: 0] += 1
            }
            cells.append(first.map { "\(found) (\($0))" } ?? "0")
        }
        let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let violations = order.map { "\($0.key) (\($0.value))" }.joined(separator: "; ")
        return "| \(bug.text.bug) | \(bug.text.harm) | \(violations) | \(cells.joined(separator: " | ")) |"
    }
}
