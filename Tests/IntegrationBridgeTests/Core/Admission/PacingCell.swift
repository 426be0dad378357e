import Foundation

@testable import IntegrationBridge

/// A cell of the table: who shares which quota, over which distance.
struct PacingCell: CustomStringConvertible {
    var kind: QuotaServer.Kind
    var limit: Int
    var window: Double
    var bridges: Int
    var latency: Double
    var change: (atWindow: Int, limit: Int, window: Double)?
    var concurrency: Int?

    var description: String {
        "\(kind.rawValue) of \(limit) in \(window) s, \(bridges) bridges, \(latency) s"
    }

    /// The mean over the seeds, the even ones with bridges that start one after the other.
    func run(
        seeds: Int, each: (UInt64, PacingSimulation.Result) -> Void = { _, _ in }
    ) async -> PacingSimulation.Result {
        var mean = PacingSimulation.Result()
        for seed in 1...UInt64(max(2, seeds)) {
            var scenario = PacingSimulation.Scenario(
                kind: kind, limit: limit, window: window, bridges: bridges, latency: latency)
            (scenario.windows, scenario.warmUp) = change == nil ? (14, 6) : (20, 12)
            scenario.staggered = seed % 2 == 0
            scenario.change = change
            scenario.concurrency = concurrency
            scenario.seed = seed
            let result = await Simulations.run { [scenario] in PacingSimulation.run(scenario) }
            each(seed, result)
            let part = 1 / Double(max(2, seeds))
            mean.used += result.used * part
            mean.refused += result.refused * part
            mean.spread += result.spread * part
            mean.peak += result.peak * part
        }
        return mean
    }

    /// All cells, as Markdown.
    static func table(seeds: Int) async -> String {
        var lines = [
            "| quota | bridges | call takes | used | 429 | spread | peak |", "|---|---|---|---|---|---|---|",
        ]
        for kind in QuotaServer.Kind.allCases {
            for (limit, window) in [(3000, 60.0), (300, 10.0), (100, 60.0)] {
                for bridges in [1, 2, 5, 20] {
                    var results: [PacingSimulation.Result] = []
                    for latency in [0.005, 0.02, 0.3, 2] {
                        let cell = PacingCell(
                            kind: kind, limit: limit, window: window, bridges: bridges, latency: latency)
                        results.append(await cell.run(seeds: seeds))
                    }
                    func row(_ format: (PacingSimulation.Result) -> String) -> String {
                        results.map(format).joined(separator: " / ")
                    }
                    lines.append(
                        "| \(kind.rawValue), \(limit) in \(Int(window)) s | \(bridges) | 5 ms / 20 ms / 0.3 s / 2 s | "
                            + row { String(format: "%.3f", $0.used) } + " | "
                            + row { String(format: "%.2f", 100 * $0.refused) } + " % | "
                            + row { bridges == 1 ? "-" : String(format: "%.2f", $0.spread) } + " | "
                            + row { String(format: "%.1f", $0.peak) } + " |")
                }
            }
        }
        return lines.joined(separator: "\n")
    }
}
