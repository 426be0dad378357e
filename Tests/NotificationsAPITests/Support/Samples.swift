import NotificationsAPI

/// Documents and clients that many tests need.
enum Samples {
    static let integration = document(id: "i-1")

    static func document(id: String) -> String {
        #"{"api_version":"notifications/v1","kind":"Integration","id":"\#(id)","display_name":"Ops","#
            + #""target":{"kind":"Slack","webhook_url":"https://hooks.example.com/s3cr3t"}}"#
    }

    static func client(
        _ transport: StubTransport, baseURL: String = "https://api.example.com", credentials: Credentials = .none
    ) -> Client {
        Client(configuration: ClientConfiguration(baseURL: baseURL, credentials: credentials), transport: transport)
    }
}
