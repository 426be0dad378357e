import CURLTransport
import RDKafka
import Testing

@testable import IntegrationBridge
@testable import IntegrationBridgeCLI

@Suite("Errors end with the exit code that the documentation promises")
struct ExitCodeTests {
    @Test(
        "Kafka's refusals are 77, what is not there is 69, a bad property 78, all else 70",
        arguments: [
            (KafkaError.Code.topicAuthorizationFailed, ExitCode.notAuthorized),
            (.groupAuthorizationFailed, .notAuthorized), (.clusterAuthorizationFailed, .notAuthorized),
            (.transactionalIDAuthorizationFailed, .notAuthorized), (.authentication, .notAuthorized),
            (.unknownTopicOrPartition, .unavailable), (.allBrokersDown, .unavailable), (.timedOut, .unavailable),
            (.tls, .unavailable), (.invalidArgument, .configuration), (.fatal, .failure),
            (.offsetOutOfRange, .failure), (.messageTooLarge, .failure),
        ])
    func kafka(_ code: KafkaError.Code, _ expected: ExitCode) {
        #expect(ExitCode(KafkaError(code, "x")) == expected)
    }

    @Test(
        "Where the bridge ends because Kafka refused a permission or the credentials, it is 77 too",
        arguments: [
            KafkaError.Code.topicAuthorizationFailed, .groupAuthorizationFailed, .clusterAuthorizationFailed,
            .transactionalIDAuthorizationFailed, .authentication,
        ])
    func refusedBridge(_ code: KafkaError.Code) {
        #expect(ExitCode(BridgeError(KafkaError(code, "x"))).rawValue == 77)
    }

    @Test("A usage error is 64, a transport without an answer 69, a base URL that is none 78, the unknown 70")
    func others() {
        struct Unknown: Error {}
        #expect(ExitCode(UsageError("x")) == .usage)
        #expect(ExitCode(CommandFailure(.unavailable, "x")) == .unavailable)
        #expect(ExitCode(HTTPTransportError(code: .connect, message: "x")) == .unavailable)
        #expect(ExitCode(HTTPTransportError(code: .invalidRequest, message: "x")) == .configuration)
        #expect(ExitCode(Unknown()) == .failure)
    }

    @Test("The bridge's own errors keep their meaning")
    func bridge() async throws {
        var configuration = BridgeConfiguration(bootstrapServers: "")
        configuration.api.auth = .none
        let error = #expect(throws: BridgeConfigurationError.self) { try Bridge(configuration: configuration) }
        #expect(ExitCode(try #require(error)) == .configuration)
    }

    @Test("The numbers are those of sysexits.h")
    func numbers() {
        let codes: [ExitCode] = [.success, .usage, .unavailable, .failure, .notAuthorized, .configuration]
        #expect(codes.map(\.rawValue) == [0, 64, 69, 70, 77, 78])
    }
}
