internal import Foundation
internal import NotificationsAPI

extension LookupAnswer {
    /// `Retry-After`, else the time to the window's end; nil where the answer says neither.
    var askedToWait: Duration? {
        switch retryAfter {
        case .after(let wait): wait
        case .at(let date): .seconds(max(0, date.timeIntervalSinceNow))
        case nil: rateLimit?.reset
        }
    }
}
