internal import JSONText
internal import RDKafka

/// The demo's requests: mostly ids that many ask for, in every form, and some of each kind that goes wrong.
enum DemoRequests {
    /// The same for the same amount, every time.
    ///
    /// - Parameter count: 50 or more.
    static func make(_ count: Int) -> [DemoRequest] {
        var requests: [DemoRequest] = []
        for kind in kinds {
            for number in 0..<max(1, kind.perThousand * count / 1_000) { requests.append(kind.make(number)) }
        }
        // Two thousand ids for five thousand requests: each is asked for at least once, some by many.
        let plain = max(0, count - requests.count)
        let distinct = max(1, min(plain, count * 2 / 5))
        var random = Generator(state: 2026)
        for number in 0..<plain {
            let id = number < distinct ? number : Int.random(in: 0..<distinct, using: &random)
            requests.append(valid("i-\(10_000 + id)", form: number))
        }
        return requests.shuffled(using: &random)
    }

    private struct Kind: Sendable {
        var perThousand: Int
        var make: @Sendable (Int) -> DemoRequest
    }

    private static let kinds: [Kind] = [
        // What names no integration.
        bad(3) { _ in nil },
        bad(2) { _ in [] },
        bad(3) { Array("{\"integration_id\": \"i-\($0)".utf8) },
        bad(2) { _ in [0xFF, 0xFE, 0x00, 0x80] },
        bad(3) { Array(#"{"id":"i-\#($0)"}"#.utf8) },
        bad(2) { _ in Array(#"{"integration_id":""}"#.utf8) },
        bad(2) { _ in Array(#"{"integration_id":"\#(String(repeating: "x", count: 300))"}"#.utf8) },
        // What the API answers with an error.
        fault(24, "fail-404", .failed(reason: "not_found")),
        fault(6, "fail-403", .failed(reason: "forbidden")),
        fault(3, "fail-400", .failed(reason: "bad_request")),
        fault(2, "fail-503", .failed(reason: "server_error")),
        fault(2, "html-200", .failed(reason: "invalid_response")),
        // What is resolved all the same.
        fault(8, "fail-500-2", .resolved),
        fault(4, "slow-250ms", .resolved),
        fault(2, "lookup-member", .resolved),
    ]

    private static func bad(_ perThousand: Int, _ value: @escaping @Sendable (Int) -> [UInt8]?) -> Kind {
        Kind(perThousand: perThousand) {
            DemoRequest(value: value($0), expectation: .failed(reason: "invalid_request"))
        }
    }

    private static func fault(
        _ perThousand: Int, _ name: String, _ expectation: DemoRequest.Expectation
    ) -> Kind {
        Kind(perThousand: perThousand) { number in
            var request = valid("\(name)-x\(number)", form: number)
            request.expectation = expectation
            return request
        }
    }

    /// The forms that a good request may have, one after the other.
    private static func valid(_ id: String, form: Int) -> DemoRequest {
        let bare = JSONValue.object([.init("integration_id", .string(id))]).bytes
        var request = DemoRequest(value: bare, expectation: .resolved, id: id)
        switch form % 8 {
        case 0: request.value = Array(id.utf8)
        case 1: request.value = JSONValue.string(id).bytes
        case 2: request.value = [0, 0, 0, 0, 42] + bare
        case 3:
            request.value = Array(id.utf8)
            request.headers = [RecordHeader(name: "content-type", value: Array("text/plain".utf8))]
        case 4:
            request.headers = [RecordHeader(name: "tenant", value: Array("acme".utf8))]
        default:
            let context = JSONValue.object([
                .init("alert", .string("lag above 10000")), .init("severity", .number("\(form % 5)")),
            ])
            request.value = JSONValue.object([.init("integration_id", .string(id)), .init("context", context)]).bytes
        }
        return request
    }

    /// SplitMix64: the same numbers every time.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }
}
