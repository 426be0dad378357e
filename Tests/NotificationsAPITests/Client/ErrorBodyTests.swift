import CURLTransport
import JSONText
import NotificationsAPI
import Testing

@Suite("Error documents as servers send them")
struct ErrorBodyTests {
    private func document(_ status: Int, _ body: String) async throws -> JSONValue {
        let answer = try await Samples.client(StubTransport(HTTPResponse(status, body))).lookup(id: "i-1")
        guard case .failure(_, let failure) = answer.result else { throw CancellationError() }
        #expect(FailureSchema.faults(failure.json) == [])
        return failure.json
    }

    @Test(
        "The API's own document is passed on as it is",
        arguments: [
            """
            {"errors":[{"id":"ed42afdc-f0d5-4c0d-b428-9fc6ed6e279d","status":"400","code":"invalid_filter",\
            "title":"Invalid Filter","detail":"The 'delorean' resource can't be filtered by 'num_doors'",\
            "source":{"parameter":"num_doors"}}]}
            """,
            """
            {"errors":[{"id":"ed42afdcf0d54c0db4289fc6ed6e279d","status":"401","code":"user_unauthenticated",\
            "title":"Authentication Required","detail":"Valid authentication credentials must be provided"}]}
            """,
            #"{"errors":[{"id":"ed42afdc-f0d5-4c0d-b428-9fc6ed6e279d","status":"404","title":"Not Found"}]}"#,
            #"{"errors":[{"status":"404","code":"resource_not_found","detail":"no","source":{}}]}"#,
            #"{"errors":[{"status":"500","code":"a"},{"status":"500","code":"b","source":{"pointer":"/x"}}]}"#,
            #"{"errors":[{"status":"400","error_code":-2147483648,"message":"old"}]}"#,
        ])
    func keeps(body: String) async throws {
        #expect(try await document(418, body).description == body)
    }

    @Test(
        "Another envelope is read as far as it goes",
        arguments: [
            (
                #"{"error":{"code":401,"message":"Unauthorized","x":[]}}"#,
                #"{"status":"418","code":"401","message":"Unauthorized"}"#
            ),
            (#"{"error":"no such thing"}"#, #"{"status":"418","message":"no such thing"}"#),
            (#"{"error_code":40101,"message":"m"}"#, #"{"status":"418","error_code":40101,"message":"m"}"#),
            (#"{"error_code":99999999999,"message":"m"}"#, #"{"status":"418","message":"m"}"#),
            (#"{"error_code":40101,"message":null}"#, #"{"status":"418","error_code":40101}"#),
            (
                #"{"status":"403","detail":"The thing was not found."}"#,
                #"{"status":"403","detail":"The thing was not found."}"#
            ),
            (
                #"{"errors":[{"status":403,"code":7,"title":true,"detail":["x"],"source":"s","y":1}]}"#,
                #"{"status":"403","code":"7","title":"true"}"#
            ),
            (
                #"{"errors":[{"detail":"d","source":{"pointer":1,"parameter":null,"z":{}}}]}"#,
                #"{"status":"418","detail":"d","source":{"pointer":"1"}}"#
            ),
            (#"{"errors":[7,"x",null,{"detail":"d"},{}]}"#, #"{"status":"418","detail":"d"}"#),
            (
                #"{"errors":[{"detail":"d"},{"detail":"d","extra":1},{"detail":"d","status":"418"}]}"#,
                #"{"status":"418","detail":"d"}"#
            ),
        ])
    func reads(body: String, expected: String) async throws {
        #expect(try await document(418, body).description == #"{"errors":[\#(expected)]}"#)
    }

    @Test(
        "Where no error can be read, ours says which status came and what kind of body",
        arguments: [
            ("", "empty"), ("<html><body>Bad gateway</body></html>", "HTML"), ("  <?xml version=\"1.0\"?>", "HTML"),
            ("upstream connect error", "22 bytes"), (#"{"errors":[]}"#, "13 bytes"), (#"{"errors":null}"#, "bytes"),
            (#"{"errors":[{"x":1}]}"#, "bytes"), ("{}", "2 bytes"), ("[]", "bytes"), ("null", "bytes"),
            (#"{"errors":[{"detail":"cut o"#, "bytes"),
        ])
    func makes(body: String, hint: String) async throws {
        let error = try #require(try await document(502, body)["errors"]?[0])
        #expect(error["status"] == .string("502"))
        #expect(error["code"] == .string("http_502"))
        #expect(error["detail"]?.string?.contains(hint) == true)
    }

    @Test("A gzip body without Content-Encoding is named as such")
    func gzip() async throws {
        let transport = StubTransport(HTTPResponse(status: 503, body: [0x1f, 0x8b, 8, 0, 0xff]))
        let answer = try await Samples.client(transport).lookup(id: "i-1")
        guard case .failure(.serverError, let failure) = answer.result else { throw CancellationError() }
        #expect(failure.summary.contains("gzip"))
    }

    @Test(
        "A URL in any text of a document is cut to its host",
        arguments: [
            ("see https://hooks.slack.com/services/s3cr3t now", "see https://hooks.slack.com/*** now"),
            ("https://u:s3cr3t@h.example:81/s3cr3t?s3cr3t#s3cr3t", "https://h.example:81/***"),
            ("a https://a.example/s3cr3t,https://b.example/s3cr3t z", "a https://a.example/*** z"),
            ("(HTTP://x.example?s3cr3t", "(HTTP://x.example/***"),
            ("https://x.example/{s3cr3t}", "https://x.example/***"),
            ("https://x.example/a|s3cr3t", "https://x.example/***"),
            ("https://x.example/a's3cr3t", "https://x.example/***"),
            ("https://x.example/^s3cr3t `", "https://x.example/*** `"),
            ("\"https://x.example/s3cr3t\"", "\"https://x.example/***\""),
            (#"https:\/\/x.example\/s3cr3t"#, #"https:\/\/x.example/***"#), ("no url: //x", "no url: //x"),
            ("é://x.example/s3cr3t", "é://x.example/***"),
        ])
    func cutsURLs(text: String, expected: String) async throws {
        for name in ["id", "status", "code", "title", "detail", "message"] {
            let body = JSONValue.object([.init("errors", .array([.object([.init(name, .string(text))])]))])
            let error = try #require(try await document(400, body.description)["errors"]?[0])
            #expect(error[name] == .string(expected))
        }
    }

    @Test("Errors that are equal once their ids are cut to 255 characters are merged")
    func mergesCutIDs() async throws {
        let id = String(repeating: "é", count: 255)
        let body = #"{"errors":[{"id":"\#(id)a"},{"id":"\#(id)b"}]}"#
        let errors = try #require(try await document(400, body)["errors"]?.elements)
        #expect(errors.count == 1)
        #expect(errors[0]["id"] == .string(id))
    }

    @Test(
        "A body full of small errors is read in time that grows with its size, not with its square",
        .timeLimit(.minutes(1)))
    func manyErrors() async throws {
        let items = (0..<60_000).map { #"{"code":"\#($0)"}"# }
        let body = #"{"errors":["# + items.joined(separator: ",") + "]}"
        #expect(try await document(400, body)["errors"]?.elements?.count == 60_000)
    }
}
