import Foundation
import NotificationsAPI
import Testing

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "RFC 3339 with any fraction and offset is a time, and its text stays",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2006-01-02T15:04:05-07:00", 1_136_239_445),
            ("2006-01-02T22:04:05Z", 1_136_239_445), ("2006-01-02t22:04:05z", 1_136_239_445),
            ("2006-01-02T22:04:05.123456789Z", 1_136_239_445.123456789),
            ("2006-01-02T22:04:05.5+00:00", 1_136_239_445.5),
            ("2000-02-29T00:00:00Z", 951_782_400), ("2016-12-31T23:59:60Z", 1_483_228_800),
            ("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
            ("1969-12-31T23:59:59.75Z", -0.25),
        ])
    func reads(text: String, seconds: Double) throws {
        let timestamp = Timestamp(text)
        let date = try #require(timestamp.date)
        #expect(abs(date.timeIntervalSince1970 - seconds) < 1e-5)
        #expect(timestamp.text == text)
    }

    @Test("Every week of 780 years starts on the day that Foundation says it is")
    func agreesWithFoundation() throws {
        let style = Date.ISO8601FormatStyle()
        for day in stride(from: -141_000, to: 144_000, by: 7) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400)
            #expect(Timestamp(date.formatted(style)).date == date)
        }
    }

    @Test(
        "Anything else is text without a time",
        arguments: [
            "", "2006-01-02", "2006-01-02T15:04:05", "2006-01-02 15:04:05Z", "2006-13-02T15:04:05Z",
            "2006-02-29T15:04:05Z", "1900-02-29T00:00:00Z", "2006-01-00T15:04:05Z", "2006-01-02T24:00:00Z",
            "2006-01-02T15:60:05Z", "2006-01-02T15:04:61Z", "2006-01-02T15:04:05.Z", "2006-01-02T15:04:05.1234567890Z",
            "2006-01-02T15:04:05+0700", "2006-01-02T15:04:05+24:00", "2006-01-02T15:04:05Zx", "+006-01-02T15:04:05Z",
            "２００６-01-02T15:04:05Z", "1136214245",
        ])
    func refuses(text: String) {
        #expect(Timestamp(text).date == nil)
        #expect(Timestamp(text).text == text)
    }
}
