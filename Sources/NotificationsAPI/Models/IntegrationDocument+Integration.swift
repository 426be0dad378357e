extension IntegrationDocument {
    /// The document as a typed value.
    ///
    /// - Throws: ``ModelError`` where an optional member has another type than the API's schema gives it, which the check
    ///   of the document does not look at.
    public func integration() throws(ModelError) -> Integration {
        try Integration(parsing: bytes)
    }
}
