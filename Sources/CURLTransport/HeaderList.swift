internal import CLibCURL

/// A request's fields as libcurl takes them; freed with its last user.
final class HeaderList {
    let source: HTTPRequestHeaders
    let list: UnsafeMutablePointer<curl_slist>?

    init(_ source: HTTPRequestHeaders) {
        self.source = source
        var list: UnsafeMutablePointer<curl_slist>?
        for (name, value) in source.fields {
            // "name:" would remove the field and "name;" sends it empty.
            list = curl_slist_append(list, value.isEmpty ? "\(name);" : "\(name): \(value)") ?? list
        }
        self.list = list
    }

    deinit { curl_slist_free_all(list) }
}
