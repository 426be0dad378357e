internal import IntegrationBridge
internal import JSONText
internal import RDKafka

/// What the demo says at its end.
struct DemoReport: Sendable {
    var tally: DemoTally
    var distinctIDs: Int
    var apiCalls: Int
    var metrics: BridgeMetrics
    /// From the first request to the first result, and from there to the last.
    var startup: Duration
    var work: Duration
    var style: Style

    func text() -> String {
        var text = "\n" + style.bold("Every request has exactly one result.") + "\n\n"
        text += table
        if let record = tally.sampleResolved {
            text += "\n" + style.bold("A resolved request") + style.dim("  (topic \(record.topic))") + "\n"
            text += RecordText.text(of: record, style)
        }
        if let record = tally.sampleFailure {
            text += "\n" + style.bold("A failure") + style.dim("  (topic \(record.topic))") + "\n"
            text += RecordText.text(of: record, style)
        }
        return text
    }

    private var table: String {
        let requests = tally.results.count
        var rows: [(String, String)] = [
            ("Requests", "\(number(requests))  for \(NumberText.grouped(distinctIDs)) distinct ids")
        ]
        rows.append(("Resolved", style.green(number(tally.resolved))))
        rows += counts(tally.resolvedByKind)
        rows.append(("Failures", style.yellow(number(tally.failed))))
        rows += counts(tally.failuresByReason)
        rows.append(("API calls", "\(number(apiCalls))  retries included"))
        for (source, meaning) in [
            (LookupSource.cache, "answered from the cache"), (.coalesced, "shared a call that was under way"),
        ] {
            let count = metrics.results.filter { $0.key.source == source }.values.reduce(0, +)
            rows.append(("", "\(number(count))  \(meaning)"))
        }
        rows.append(
            (
                "Time",
                "\(NumberText.time(work)), \(NumberText.rate(requests, in: work)) requests a second"
                    + style.dim("  after \(NumberText.time(startup)) to start and join the group")
            ))
        return rows.map { "  \(padded($0.0, 12))\($0.1)\n" }.joined()
    }

    private func counts(_ counts: [String: Int]) -> [(String, String)] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ("", "\(number($0.value))  \($0.key)") }
    }

    private func number(_ count: Int) -> String {
        let text = NumberText.grouped(count)
        return String(repeating: " ", count: max(0, 7 - text.count)) + text
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
