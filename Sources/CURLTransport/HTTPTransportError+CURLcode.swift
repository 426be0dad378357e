internal import CLibCURL

extension HTTPTransportError {
    /// What libcurl's code says, with the host and port that it concerns.
    init(_ code: CURLcode, isTooLarge: Bool, head: HTTPResponse?, endpoint: String) {
        let kind: Code =
            switch code {
            case _ where isTooLarge: .bodyTooLarge
            case CURLE_FILESIZE_EXCEEDED: .bodyTooLarge
            case CURLE_OPERATION_TIMEDOUT: .timeout
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .nameResolution
            case CURLE_COULDNT_CONNECT, CURLE_PROXY: .connect
            case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR: .connectionLost
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE,
                CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
                .tls
            case CURLE_URL_MALFORMAT: .invalidRequest
            // CURLE_UNSUPPORTED_PROTOCOL among them: the server speaks something else than HTTP/1.
            default: .invalidResponse
            }
        let text = isTooLarge ? "the body is larger than allowed" : String(cString: curl_easy_strerror(code))
        self.init(code: kind, message: "\(endpoint): \(text) (libcurl \(code.rawValue))", head: head)
    }
}
