internal import CLibCURL

/// A request's fields as libcurl takes them; freed with its last user.
final class HeaderList {
    let source: HTTPRequestHeaders
    let list: UnsafeMutablePointer<curl_slist>?

    /// - Parameter configuration: what is the same for all requests goes in here too: libcurl formats a field of this list once
    ///   for each request, and one that has an option of its own twice, character by character.
    init(_ source: HTTPRequestHeaders, _ configuration: CURLTransportConfiguration) {
        self.source = source
        var list: UnsafeMutablePointer<curl_slist>?
        func append(_ name: String, _ value: String) {
            // "name:" would remove the field and "name;" sends it empty.
            list = curl_slist_append(list, value.isEmpty ? "\(name);" : "\(name): \(value)") ?? list
        }
        append("User-Agent", configuration.userAgent)
        if configuration.acceptEncoding { append("Accept-Encoding", "gzip") }
        for (name, value) in source.fields { append(name, value) }
        self.list = list
    }

    deinit { curl_slist_free_all(list) }
}
