/// The form of an RFC 6901 pointer.
enum JSONPointerText {
    static func isValid(_ text: String) -> Bool {
        guard text.isEmpty || text.hasPrefix("/") else { return false }
        let parts = text.split(separator: "~", omittingEmptySubsequences: false)
        return parts.dropFirst().allSatisfy { $0.hasPrefix("0") || $0.hasPrefix("1") }
    }
}
