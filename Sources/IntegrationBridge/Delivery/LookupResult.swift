/// What a request ends as.
enum LookupResult: Sendable {
    case resolved(ResolvedDocument)
    case failed(FailedLookup)
}
