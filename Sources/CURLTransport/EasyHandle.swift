internal import CLibCURL

/// A libcurl easy handle with its fixed options set, reused for many requests; confined to the loop's thread.
final class EasyHandle {
    let handle: UnsafeMutableRawPointer
    private let url: OpaquePointer
    private let prefix: String
    private let setsPath: Bool
    private let keptFields: KeptFields
    /// What it is used for now.
    var transfer: Transfer?
    /// What has come of the response. One thread's, and no call from within a change comes back here: unchecked, for the
    /// check takes longer than most changes.
    @exclusivity(unchecked)
    private(set) var response = IncomingResponse()

    // What it was used for last: options stay set.
    private var headers: HeaderList?
    private var timeout: Duration?
    private var maximumBodySize = -1
    private var method: HTTPMethod?

    init(_ configuration: CURLTransportConfiguration, keptFields: KeptFields) throws(HTTPTransportError) {
        self.keptFields = keptFields
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
        string(CURLOPT_PROXY, configuration.proxyURL ?? "")
        string(CURLOPT_NOPROXY, configuration.proxyURL == nil ? "*" : "")
        if let file = configuration.caFile { string(CURLOPT_CAINFO, file) }
        // What is asked for stands in the header list; this makes libcurl decode whatever comes.
        if configuration.acceptEncoding { string(CURLOPT_ACCEPT_ENCODING, "") }
        if ib_curl_set_curlu(handle, url) != CURLE_OK { failed = true }
        // Lines of a proxy's own response are none of the API's.
        number(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if !setCallbacks() { failed = true }
        if failed {
            throw HTTPTransportError(
                code: .invalidRequest, message: "libcurl refuses the configuration: check CA file, proxy and user agent"
            )
        }
    }

    private func setCallbacks() -> Bool {
        // Called for each line and each part of a body: nothing is retained for them.
        let write: ib_curl_write = { bytes, _, count, context in
            guard let context else { return 0 }
            return Unmanaged<EasyHandle>.fromOpaque(context)._withUnsafeGuaranteedRef {
                $0.response.take(body: UnsafeRawBufferPointer(start: bytes, count: count))
            } ? count : 0
        }
        let header: ib_curl_write = { bytes, size, count, context in
            guard let context else { return 0 }
            Unmanaged<EasyHandle>.fromOpaque(context)._withUnsafeGuaranteedRef {
                $0.response.take(
                    line: UnsafeRawBufferPointer(start: bytes, count: size * count), keeping: $0.keptFields)
            }
            return size * count
        }
        // The loop that made the handle keeps it for longer than any transfer.
        let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        return ib_curl_set_write(handle, write) == CURLE_OK && ib_curl_set_header(handle, header) == CURLE_OK
            && ib_curl_set_pointer(handle, CURLOPT_WRITEDATA, context) == CURLE_OK
            && ib_curl_set_pointer(handle, CURLOPT_HEADERDATA, context) == CURLE_OK
            && ib_curl_set_pointer(handle, CURLOPT_PRIVATE, context) == CURLE_OK
    }

    /// What the handle's private pointer stands for.
    static func of(_ context: UnsafeMutableRawPointer?) -> EasyHandle? {
        context.map { Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_url_cleanup(url)
    }

    /// Sets what is the request's own, where it is not so already; false where libcurl refuses it.
    ///
    /// - Parameter timeout: more than zero.
    func prepare(_ transfer: Transfer, headers: HeaderList, timeout: Duration) -> Bool {
        let request = transfer.request
        response.begin(maximumBodySize: request.maximumBodySize)
        var isReady = setTarget(request.target) && setMethod(request)
        func check(_ code: CURLcode) { if code != CURLE_OK { isReady = false } }
        if self.headers !== headers {
            check(ib_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers.list))
            self.headers = headers
        }
        if self.timeout != timeout {
            check(ib_curl_set_long(handle, CURLOPT_TIMEOUT_MS, max(1, timeout.milliseconds)))
            self.timeout = timeout
        }
        if maximumBodySize != request.maximumBodySize {
            check(ib_curl_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(max(1, request.maximumBodySize))))
            maximumBodySize = request.maximumBodySize
        }
        return isReady
    }

    private func setTarget(_ target: String) -> Bool {
        guard setsPath else {
            // With `withCString` the text is not copied before libcurl copies it.
            return (prefix.isEmpty ? target : prefix + target).withCString {
                ib_curl_set_string(handle, CURLOPT_REQUEST_TARGET, $0)
            } == CURLE_OK
        }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return curl_url_set(url, CURLUPART_PATH, prefix + parts[0], 0) == CURLUE_OK
            && curl_url_set(url, CURLUPART_QUERY, parts.count > 1 ? String(parts[1]) : nil, 0) == CURLUE_OK
    }

    private func setMethod(_ request: HTTPRequest) -> Bool {
        defer { method = request.method }
        guard request.method == .post else {
            return method == .get || ib_curl_set_long(handle, CURLOPT_HTTPGET, 1) == CURLE_OK
        }
        let body = request.body ?? []
        guard ib_curl_set_long(handle, CURLOPT_POST, 1) == CURLE_OK,
            ib_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)) == CURLE_OK
        else { return false }
        return body.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, !bytes.isEmpty else {
                return ib_curl_set_string(handle, CURLOPT_COPYPOSTFIELDS, "") == CURLE_OK
            }
            return ib_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, start) == CURLE_OK
        }
    }

    /// The response that has just ended.
    ///
    /// - Returns: nil where none had begun.
    func takeResponse() -> HTTPResponse? {
        let status = ib_curl_status(handle)
        return status > 0 ? response.take(status: status) : nil
    }

    /// Whether the transfer was ended because the body was larger than it may be.
    var isTooLarge: Bool { response.isTooLarge }
}

extension Duration {
    /// Whole milliseconds, at most those of a day: libcurl takes no larger number on every platform.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(min(max(seconds, 0), 86_400)) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
