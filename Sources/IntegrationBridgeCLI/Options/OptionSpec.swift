/// An option that a command takes.
struct OptionSpec: Sendable {
    /// With its dashes.
    var name: String
    /// What stands for its value in the help; nil for a flag.
    var placeholder: String?
    /// One sentence or two.
    var summary: String
    /// Whether it may be given more than once.
    var repeats = false

    static let config = OptionSpec(
        name: "--config", placeholder: "FILE",
        summary: "The configuration, in YAML; config/bridge.yaml unless told otherwise.")
    static let help = OptionSpec(name: "--help", summary: "Show this help.")
}
