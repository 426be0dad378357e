import CURLTransport
import Foundation
import Testing

@Suite("CURLTransport's configuration")
struct ConfigurationTests {
    private func refusal(_ configuration: CURLTransportConfiguration) -> HTTPTransportError? {
        do throws(HTTPTransportError) {
            _ = try CURLTransport(configuration)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "A base URL that cannot be one is refused at the start, and its user information is not repeated",
        arguments: [
            "", "api.example.com", "localhost:8080", "ftp://example.com", "http://", "http:// x",
            "https://example.com:99999",
            "https://example.com/a?b=1", "https://example.com/#a", "https://user:hidden@example.com",
        ])
    func badBaseURL(_ text: String) {
        let error = refusal(.init(baseURL: text, userAgent: "tests"))
        #expect(error?.code == .invalidRequest)
        #expect(error?.message.contains("base URL") == true)
        #expect(error?.message.contains("hidden") == false)
    }

    @Test("A CA file that cannot be read is refused at the start, by its name")
    func missingCAFile() {
        let file = NSTemporaryDirectory() + "/no-such-authorities.pem"
        let error = refusal(.init(baseURL: "https://example.com", caFile: file, userAgent: "tests"))
        #expect(error?.code == .tls)
        #expect(error?.message.contains(file) == true)
        let folder = refusal(.init(baseURL: "https://example.com", caFile: NSTemporaryDirectory(), userAgent: "tests"))
        #expect(folder?.code == .tls)
    }

    @Test("No connections at all are refused")
    func noConnections() {
        let error = refusal(.init(baseURL: "https://example.com", userAgent: "tests", maximumConnections: 0))
        #expect(error?.message.contains("maximumConnections") == true)
    }
}
