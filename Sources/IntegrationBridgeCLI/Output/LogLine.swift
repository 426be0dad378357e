internal import Foundation
internal import IntegrationBridge
internal import JSONText

/// One log event as one line, whatever is in it.
enum LogLine {
    /// `2026-01-02T03:04:05.678Z warning The message key=value key="a value"`.
    static func text(_ event: LogEvent, at time: Date) -> String {
        var line = "\(timestamp(time)) \(padded(event.level)) \(event.message)"
        for (name, value) in event.metadata { line += " \(name)=\(quotedIfNeeded(value))" }
        return line + "\n"
    }

    /// `{"time":"...","level":"warning","message":"...","key":"value"}`.
    static func json(_ event: LogEvent, at time: Date) -> String {
        var members: [JSONValue.Member] = [
            .init("time", .string(timestamp(time))), .init("level", .string(event.level.rawValue)),
            .init("message", .string(event.message)),
        ]
        for (name, value) in event.metadata {
            // A name that is taken must not hide the line's own member.
            let isTaken = ["time", "level", "message"].contains(name)
            members.append(.init(isTaken ? "_\(name)" : name, .string(value)))
        }
        return JSONValue.object(members).description + "\n"
    }

    static func timestamp(_ time: Date) -> String {
        time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    private static func padded(_ level: LogLevel) -> String {
        level.rawValue + String(repeating: " ", count: max(0, 7 - level.rawValue.count))
    }

    private static func quotedIfNeeded(_ value: String) -> String {
        let isPlain = value.unicodeScalars.allSatisfy { scalar in
            !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control && scalar != "\""
                && scalar != "=" && scalar != "\\"
        }
        return isPlain && !value.isEmpty ? value : JSONValue.string(value).description
    }
}
