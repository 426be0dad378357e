public import JSONText

/// One page of the listing of integrations.
public struct IntegrationPage: Sendable {
    /// The integrations, each as the API gave it; items may lack `api_version` and `kind`.
    public var items: [JSONValue]
    /// The token of the next page; `nil` at the end.
    public var nextPageToken: String?
    /// `X-RateLimit-*` of the answer.
    public var rateLimit: RateLimit?
}
