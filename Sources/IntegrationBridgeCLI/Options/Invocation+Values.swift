internal import IntegrationBridge

extension Invocation {
    /// A whole number in a range.
    func integer(_ option: String, in range: ClosedRange<Int>, default standard: Int) throws(UsageError) -> Int {
        guard let text = value(of: option) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError(
                "\(option) takes a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'",
                command: command)
        }
        return number
    }

    /// A duration such as `250ms`.
    func duration(_ option: String, default standard: Duration) throws(UsageError) -> Duration {
        guard let text = value(of: option) else { return standard }
        guard let duration = DurationText.parse(text) else {
            throw UsageError("\(option) takes a duration such as 250ms, 10s or 5m, not '\(text)'", command: command)
        }
        return duration
    }

    /// `N/DURATION`, such as `300/10s`; a bare number is seconds.
    func rateLimit(_ option: String) throws(UsageError) -> (limit: Int, window: Duration)? {
        guard let text = value(of: option) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let limit = Int(parts[0]), limit > 0,
            let window = DurationText.parse(String(parts[1])) ?? Int(parts[1]).map({ Duration.seconds($0) }),
            window > .zero, window <= .seconds(366 * 86_400)
        else {
            throw UsageError(
                "\(option) takes calls per time such as 300/10s, none of them 0, not '\(text)'", command: command)
        }
        return (limit, window)
    }

    /// One of the words that a type has.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ option: String, default standard: Choice
    ) throws(UsageError) -> Choice where Choice.RawValue == String {
        guard let text = value(of: option) else { return standard }
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("\(option) takes one of \(words), not '\(text)'", command: command)
        }
        return choice
    }

    /// `KEY:SECRET`; what was given is not repeated in the message.
    func credentials(_ option: String) throws(UsageError) -> (key: String, secret: String)? {
        guard let text = value(of: option) else { return nil }
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex,
            text.index(after: colon) != text.endIndex
        else { throw UsageError("\(option) takes KEY:SECRET, neither of them empty", command: command) }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }

    /// `NAME=VALUE`, in the order given.
    func headers(_ option: String) throws(UsageError) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        for text in values(of: option) {
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw UsageError("\(option) takes NAME=VALUE, not '\(text)'", command: command)
            }
            headers.append((String(text[..<equals]), String(text[text.index(after: equals)...])))
        }
        return headers
    }
}
