import CURLTransport
import JSONText
import NotificationsAPI
import NotificationsAPISimulator
import Testing

@Suite("The simulator's manners", .timeLimit(.minutes(1)))
struct MannersTests {
    @Test("The budget of a window falls with each call of any kind; past it are 429s that say when to come back")
    func rateLimit() async throws {
        var configuration = SimulatorConfiguration()
        configuration.rateLimit = .init(limit: 3, window: .seconds(600))
        let api = try SimulatedAPI(configuration)
        defer { api.stop() }
        let first = try await api.lookup("i-1")
        #expect(first.rateLimit?.limit == 3)
        #expect(first.rateLimit?.remaining == 2)
        let reset = try #require(first.rateLimit?.reset)
        #expect(reset > .seconds(500) && reset <= .seconds(600))
        #expect(try await api.client.list(pageSize: 1).rateLimit?.remaining == 1)
        #expect(try await api.lookup("fail-404").rateLimit?.remaining == 0)
        for id in ["i-1", "fail-500", "reset"] {
            let refused = try await api.lookup(id)
            #expect(refused.reason == .rateLimited)
            #expect(refused.rateLimit?.remaining == 0)
            #expect(refused.retryAfter != nil)
        }
        let raw = try await api.get("/notifications/v1/integrations/i-1")
        #expect(raw.body.isEmpty)
        let wait = try #require(raw.header("retry-after").flatMap { Int($0) })
        #expect((1...600).contains(wait))
        #expect(raw.header("x-ratelimit-reset") == "\(wait)")
        api.simulator.setRateLimit(.init(limit: 1000, window: .seconds(600)))
        #expect(try await api.lookup("i-1").reason == .rateLimited, "what is spent stays spent in this window")
    }

    @Test("A new window has the whole budget again")
    func windowResets() async throws {
        var configuration = SimulatorConfiguration()
        configuration.rateLimit = .init(limit: 2, window: .milliseconds(250))
        let api = try SimulatedAPI(configuration)
        defer { api.stop() }
        let deadline = ContinuousClock.now + .seconds(30)
        var windows = 0
        var wasRefused = false
        while windows < 3, ContinuousClock.now < deadline {
            let answer = try await api.lookup("i-1")
            if answer.reason == nil, wasRefused {
                windows += 1
                #expect(answer.rateLimit?.remaining == 1)
            }
            wasRefused = answer.reason == .rateLimited
        }
        #expect(windows == 3)
    }

    @Test("Only the right key and secret are let in, at any time; without any, everybody is")
    func credentials() async throws {
        var configuration = SimulatorConfiguration()
        configuration.credentials = ("ABCDEFGH123456789", "XNCIW93I2L1SQPJSJ823K1LS902KLDFMCZPWEO")
        let right = Credentials.apiKey(key: "ABCDEFGH123456789", secret: "XNCIW93I2L1SQPJSJ823K1LS902KLDFMCZPWEO")
        let api = try SimulatedAPI(configuration, credentials: right)
        defer { api.stop() }
        #expect(try await api.lookup("i-1").reason == nil)
        #expect(try await !api.client.list(pageSize: 1).items.isEmpty)
        let target = "/notifications/v1/integrations/i-1"
        let vector = "QUJDREVGR0gxMjM0NTY3ODk6WE5DSVc5M0kyTDFTUVBKU0o4MjNLMUxTOTAyS0xERk1DWlBXRU8="
        #expect(try await api.get(target, headers: [("authorization", "Basic " + vector)]).status == 200)
        for wrong in [[], [("Authorization", "Basic x")], [("Authorization", "Bearer " + vector)]] {
            let response = try await api.get(target, headers: wrong)
            #expect(response.status == 401)
            #expect(response.header("www-authenticate")?.contains("invalid_key") == true)
            #expect(try JSONValue(parsing: response.body)["errors"]?[0]?["status"]?.string == "401")
        }
        api.simulator.setCredentials(("another", "secret"))
        #expect(try await api.lookup("i-1").reason == .unauthorized)
        api.simulator.setCredentials(nil)
        #expect(try await api.get(target).status == 200)
    }

    @Test("The listing is read to its end page by page, each integration once", arguments: [0, 1, 99, 100, 101, 523])
    func listing(count: Int) async throws {
        var configuration = SimulatorConfiguration()
        configuration.listedCount = count
        let api = try SimulatedAPI(configuration)
        defer { api.stop() }
        var ids: [String] = []
        var pages = 0
        var token: String?
        repeat {
            let page = try await api.client.list(pageSize: 100, pageToken: token)
            for item in page.items { #expect(IntegrationSchema.faults(item, isListed: true).isEmpty) }
            ids += page.items.compactMap { $0["id"]?.string }
            token = page.nextPageToken
            pages += 1
        } while token != nil && pages < 100
        #expect(ids.count == count)
        #expect(Set(ids).count == count)
        #expect(pages == max(1, (count + 99) / 100))
        #expect(api.simulator.counters.listings == pages)
    }

    @Test(
        "A page has 100 items by default and 250 at most; items may lack version and kind, and are else what a look-up gives"
    )
    func pages() async throws {
        let api = try SimulatedAPI()
        defer { api.stop() }
        let path = "/notifications/v1/integrations"
        let first = try JSONValue(parsing: try await api.get(path).body)
        #expect(first["kind"]?.string == "IntegrationList")
        #expect(first["data"]?.elements?.count == 100)
        let page = try JSONValue(parsing: try await api.get(path + "?page_size=250").body)
        let items = try #require(page["data"]?.elements)
        #expect(items.count == 250)
        #expect(items.contains { $0["kind"] == nil } && items.contains { $0["kind"] != nil })
        let item = items[7]
        guard case .integration(let document) = try await api.lookup(try #require(item["id"]?.string)).result else {
            Issue.record("a listed integration is not resolved")
            return
        }
        #expect(try JSONValue(parsing: document.bytes)["target"] == item["target"])
    }

    @Test(
        "Page sizes and tokens that cannot be are 400",
        arguments: [
            "page_size=0", "page_size=251", "page_size=-1", "page_size=x", "page_size=", "page_token=x",
            "page_token=1001",
        ])
    func badPages(_ query: String) async throws {
        let api = try SimulatedAPI()
        defer { api.stop() }
        let response = try await api.get("/notifications/v1/integrations?" + query)
        #expect(response.status == 400)
        #expect(try JSONValue(parsing: response.body)["errors"]?.elements?.count == 1)
    }

    @Test("An outage is everybody's, look-ups and listings, and ends when it is told to")
    func outage() async throws {
        let api = try SimulatedAPI(timeout: .milliseconds(300))
        defer { api.stop() }
        let outages: [(Outage, LookupFailureReason)] = [
            (.status(503), .serverError), (.hang, .timeout), (.reset, .transport),
        ]
        for (outage, reason) in outages {
            api.simulator.setOutage(outage)
            #expect(try await api.lookup("i-1").reason == reason)
            let error = await #expect(throws: NotificationsAPIError.self) { try await api.client.list() }
            #expect(error?.reason == reason)
        }
        api.simulator.setOutage(nil)
        // With more time than the client has, which is short for the outage's sake.
        #expect(try await api.get("/notifications/v1/integrations/i-1").status == 200)
    }

    @Test("What was asked for is counted: look-ups, listings, by status, and by id where that is wanted")
    func counters() async throws {
        var configuration = SimulatorConfiguration()
        configuration.countsEachID = true
        let api = try SimulatedAPI(configuration)
        defer { api.stop() }
        for id in ["i-1", "i-1", "i-2", "fail-404"] { _ = try await api.lookup(id) }
        _ = try await api.client.list()
        var counters = api.simulator.counters
        #expect(counters.lookups == 4)
        #expect(counters.listings == 1)
        #expect(counters.byStatus == [200: 4, 404: 1])
        #expect(counters.byID == ["i-1": 2, "i-2": 1, "fail-404": 1])
        api.simulator.resetCounters()
        counters = api.simulator.counters
        #expect(counters.lookups == 0 && counters.listings == 0 && counters.byStatus.isEmpty && counters.byID.isEmpty)
        let lean = try SimulatedAPI()
        defer { lean.stop() }
        _ = try await lean.lookup("i-1")
        #expect(lean.simulator.counters.byID.isEmpty)
    }

    @Test("Latency is added to every answer, from when it is set")
    func latency() async throws {
        let api = try SimulatedAPI()
        defer { api.stop() }
        api.simulator.setLatency(.milliseconds(120))
        for id in ["i-1", "fail-404", "slow-50ms"] {
            let start = ContinuousClock.now
            _ = try await api.lookup(id)
            #expect(ContinuousClock.now - start >= .milliseconds(id == "slow-50ms" ? 170 : 120))
        }
    }
}
