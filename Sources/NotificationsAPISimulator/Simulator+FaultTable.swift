extension Simulator {
    /// The ids that order a fault, for people.
    public static let faultTable = """
        fail-STATUS          an error of that status: fail-404, fail-500
        fail-STATUS-N        N such errors, and then the integration: fail-500-2
        slow-250ms           the integration after that time
        hang                 no answer, ever
        reset                the connection is reset
        close                the connection is closed without an answer
        truncated            the body ends before its announced length
        html, html-200       an HTML page with 502, with 200
        empty                200 without a body
        cut-json             200 with half a document
        oversized            200 with a body of 2 MiB
        gzip                 500 with a gzip body and no Content-Encoding
        wrong-id             another integration than was asked for
        not-integration      200 with a document of another kind
        missing-target       200 with an Integration that lacks its target
        lookup-member        an Integration with a member `lookup` of its own
        unauthorized         401
        forbidden-key        403 that says "invalid API key"
        rate-limited         429 with Retry-After: 1, and the integration the next time
        redirect-same        307 to the same host, and the integration there
        redirect-other       307 to another host
        odd-error-1 ... 5    400 in the error envelopes that gateways use
        large-error          400 with an error document of 1 MB

        Anything may follow after one more hyphen, so that many ids share a fault: fail-404-x17. Every other id is resolved.
        """
}
