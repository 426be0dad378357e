import Synchronization

/// A broker with a user and access control, which the tests that need one share.
struct SecuredBroker {
    static let user = "bridge"
    static let password = "bridge-password"

    let broker: KafkaBroker
    /// Settings of a bridge that connects as the user.
    let settings: [String: String]

    private static let sharedResult = Mutex<SecuredBroker?>(nil)

    static func shared() throws -> SecuredBroker {
        try sharedResult.withLock { shared in
            if let shared { return shared }
            let broker = try KafkaBroker.own(["--user", "\(user):\(password)"])
            let made = SecuredBroker(
                broker: broker,
                settings: settings(password: password, servers: try broker.command("bootstrap", ["sasl"])))
            shared = made
            return made
        }
    }

    /// Settings with another password.
    func settings(password: String) -> [String: String] {
        Self.settings(password: password, servers: settings["KAFKA_BOOTSTRAP_SERVERS"] ?? "")
    }

    private static func settings(password: String, servers: String) -> [String: String] {
        [
            "KAFKA_BOOTSTRAP_SERVERS": servers,
            "KAFKA_PROPERTIES": "security.protocol=SASL_PLAINTEXT,sasl.mechanism=PLAIN,sasl.username=\(user),"
                + "sasl.password=\(password)",
        ]
    }

    /// Lets the user do something with resources, and everybody else nothing.
    func allow(_ resources: [String], operations: [String]) throws {
        try broker.tool(
            "acls",
            ["--add", "--allow-principal", "User:\(Self.user)"] + operations.flatMap { ["--operation", $0] } + resources
        )
    }

    /// Forbids the user an operation, whatever is allowed.
    func withdraw(_ resource: [String], operation: String) throws {
        try broker.tool("acls", ["--add"] + denial(operation) + resource)
    }

    /// Takes that back.
    func giveBack(_ resource: [String], operation: String) throws {
        try broker.tool("acls", ["--remove", "--force"] + denial(operation) + resource)
    }

    private func denial(_ operation: String) -> [String] {
        ["--deny-principal", "User:\(Self.user)", "--operation", operation]
    }
}
