internal import CLibCURL

/// A libcurl easy handle with its fixed options set, reused for many requests; confined to the loop's thread.
final class EasyHandle {
    let handle: UnsafeMutableRawPointer
    private let url: OpaquePointer
    private let prefix: String
    private let setsPath: Bool

    init(_ configuration: CURLTransportConfiguration) throws(HTTPTransportError) {
        guard let handle = curl_easy_init(), let url = curl_url() else {
            throw HTTPTransportError(code: .invalidRequest, message: "libcurl gives no handle: out of memory")
        }
        self.handle = handle
        self.url = url
        // An absolute URL goes to a plain-http proxy, which libcurl makes from the URL and not from the request target.
        setsPath = configuration.proxyURL != nil
        let parsed = curl_url_set(url, CURLUPART_URL, configuration.baseURL, 0)
        var path: UnsafeMutablePointer<CChar>?
        _ = curl_url_get(url, CURLUPART_PATH, &path, 0)
        let text = path.map { String(cString: $0) } ?? "/"
        curl_free(path)
        prefix = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard parsed == CURLUE_OK else {
            throw HTTPTransportError(
                code: .invalidRequest, message: "the base URL cannot be read: check scheme and host")
        }
        var failed = false
        func number(_ option: CURLoption, _ value: Int) {
            if ib_curl_set_long(handle, option, value) != CURLE_OK { failed = true }
        }
        func string(_ option: CURLoption, _ value: String) {
            if ib_curl_set_string(handle, option, value) != CURLE_OK { failed = true }
        }
        number(CURLOPT_NOSIGNAL, 1)
        number(CURLOPT_PATH_AS_IS, 1)
        number(CURLOPT_TCP_NODELAY, 1)
        number(CURLOPT_TCP_KEEPALIVE, 1)
        number(CURLOPT_FOLLOWLOCATION, 0)
        // HTTP/2 on one connection saves sockets and no CPU.
        number(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        number(CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.milliseconds)
        string(CURLOPT_PROTOCOLS_STR, "http,https")
        string(CURLOPT_USERAGENT, configuration.userAgent)
        string(CURLOPT_PROXY, configuration.proxyURL ?? "")
        string(CURLOPT_NOPROXY, configuration.proxyURL == nil ? "*" : "")
        if let file = configuration.caFile { string(CURLOPT_CAINFO, file) }
        if configuration.acceptEncoding { string(CURLOPT_ACCEPT_ENCODING, "") }
        if ib_curl_set_curlu(handle, url) != CURLE_OK { failed = true }
        let write: ib_curl_write = { bytes, _, count, context in
            guard let bytes, let context else { return 0 }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            guard transfer.body.count + count <= transfer.request.maximumBodySize else {
                transfer.isTooLarge = true
                return 0
            }
            transfer.body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
            return count
        }
        if ib_curl_set_write(handle, write) != CURLE_OK { failed = true }
        if failed {
            throw HTTPTransportError(
                code: .invalidRequest, message: "libcurl refuses the configuration: check CA file, proxy and user agent"
            )
        }
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_url_cleanup(url)
    }

    /// Sets what is the request's own; false where libcurl refuses it.
    func prepare(_ transfer: Transfer, headers: HeaderList, timeout: Duration) -> Bool {
        let request = transfer.request
        var isReady = true
        func check(_ code: CURLcode) { if code != CURLE_OK { isReady = false } }
        if setsPath {
            let parts = request.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            if curl_url_set(url, CURLUPART_PATH, prefix + parts[0], 0) != CURLUE_OK { isReady = false }
            let query = parts.count > 1 ? String(parts[1]) : nil
            if curl_url_set(url, CURLUPART_QUERY, query, 0) != CURLUE_OK { isReady = false }
        } else {
            check(ib_curl_set_string(handle, CURLOPT_REQUEST_TARGET, prefix + request.target))
        }
        if request.method == .post {
            let body = request.body ?? []
            check(ib_curl_set_long(handle, CURLOPT_POST, 1))
            check(ib_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            body.withUnsafeBytes { bytes in
                if let start = bytes.baseAddress, !bytes.isEmpty {
                    check(ib_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, start))
                } else {
                    check(ib_curl_set_string(handle, CURLOPT_COPYPOSTFIELDS, ""))
                }
            }
        } else {
            check(ib_curl_set_long(handle, CURLOPT_HTTPGET, 1))
        }
        check(ib_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers.list))
        check(ib_curl_set_long(handle, CURLOPT_TIMEOUT_MS, max(1, timeout.milliseconds)))
        check(ib_curl_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(max(1, request.maximumBodySize))))
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        check(ib_curl_set_pointer(handle, CURLOPT_WRITEDATA, context))
        check(ib_curl_set_pointer(handle, CURLOPT_PRIVATE, context))
        return isReady
    }

    /// Status and kept fields of the response that has just ended.
    func response(keeping names: [String], body: [UInt8]) -> HTTPResponse {
        var headers: [(name: String, value: String)] = []
        for name in names {
            var index = 0
            while let value = ib_curl_header(handle, name, index) {
                let text = String(cString: value)
                // libcurl 7.88 leaves the line's end in an empty value.
                headers.append((name, text == "\r" ? "" : text))
                index += 1
            }
        }
        return HTTPResponse(status: ib_curl_status(handle), headers: headers, body: body)
    }
}

extension Duration {
    /// Whole milliseconds, at most those of a day: libcurl takes no larger number on every platform.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(min(max(seconds, 0), 86_400)) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
