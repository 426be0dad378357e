extension Bridge {
    /// The version of this package, as in CHANGELOG.md and the User-Agent.
    public static let version = "0.1.0"
}
