import IntegrationBridge
import Testing

@Suite("URLs") struct AddressTests {
    @Test(
        "https is taken anywhere, and http to this machine",
        arguments: [
            "https://api.confluent.cloud", "HTTPS://host", "https://host:8443/base/path", "https://[2001:db8::1]:443",
            "http://127.0.0.1:8081", "http://127.255.255.255", "http://localhost", "http://LOCALHOST:1/x",
            "http://[::1]:8081",
        ])
    func taken(url: String) {
        #expect(Loading.messages(["api.baseUrl": url]) == "")
    }

    @Test(
        "http to elsewhere is refused, names that only look like this machine included, unless it is allowed",
        arguments: [
            "http://host", "http://128.0.0.1", "http://127.0.0.1.example.com", "http://127.0.0", "http://127.0.0.256",
            "http://127.-0.0.1", "http://localhost.example.com", "http://[2001:db8::1]", "http://0.0.0.0",
        ])
    func plain(url: String) {
        #expect(Loading.messages(["api.baseUrl": url]).contains("plain http to other than loopback"))
        #expect(Loading.messages(["api.baseUrl": url, "api.allowInsecure": "true"]) == "")
    }

    @Test(
        "what is no absolute URL, or holds more than host, port and path, is refused even where http is allowed",
        arguments: [
            "", "host", "//host", "https:host", "https://", "https:///path", "https://:443", "https://host:",
            "https://host:0", "https://host:65536", "https://host:+1", "https://host:x", "https://ho st",
            "https://host\\x", "https://h\u{F6}st", "https://ho\nst", "https://[::1", "https://[]", "https://::1",
            "ftp://host", "https://host?a=b", "https://host/#f", "https://user@host", "https://a@b@c", "1https://host",
            "https://ho%73t", "https://host,other",
        ])
    func refused(url: String) {
        let problems = Loading.problems(["api.baseUrl": url, "api.allowInsecure": "true"])
        #expect(problems.map(\.key) == ["api.baseUrl"])
    }

    @Test("no form of credentials in a URL comes back in a message")
    func credentials() {
        for url in [
            "https://u:hush-marker@host", "u:hush-marker@https://host", "https://u:hush-marker@", "hush-marker",
            "https://u:hush@marker@hush-marker", "http://u:hush-marker@host", "https:/u:hush-marker@host",
        ] {
            let messages = Loading.messages(["api.baseUrl": url])
            #expect(messages.contains("api.baseUrl"), "\(url)")
            #expect(!messages.contains("hush-marker"))
        }
    }

    @Test(
        "a proxy is taken with credentials, which nobody sees",
        arguments: [
            "http://proxy:3128", "http://user:hush-marker@proxy:3128", "http://user:hush-marker@127.0.0.1:1/",
            "HTTP://u%40x:hush-marker%2F@[::1]:65535",
        ])
    func proxy(url: String) throws {
        let loaded = try Loading.load(["api.proxyUrl": url])
        #expect(loaded.api.proxyURL?.reveal() == url)
        let key = try #require(BridgeConfiguration.keys.first { $0.name == "api.proxyUrl" })
        #expect(key.text(in: loaded) == "***")
        var dumped = ""
        dump(loaded, to: &dumped)
        #expect(!dumped.contains("proxy:"))
        #expect(!dumped.contains("hush-marker"))
        #expect(!"\(loaded)".contains("hush-marker"))
        #expect(!String(reflecting: loaded).contains("hush-marker"))
    }

    @Test(
        "a proxy that is not http, has no port, or holds more is refused, and its credentials are not shown",
        arguments: [
            "", "proxy:3128", "https://proxy:3128", "socks5://proxy:1080", "http://proxy", "http://u:hush-marker@proxy",
            "http://u:hush-marker@", "http://u:hush/marker@proxy:1", "http://u:p@hush-marker@proxy:1",
            "http://u:hush-marker@proxy:1/path", "http://u:hush-marker@proxy:1?x", "http://u:hush-marker@proxy:0",
            "ftp://u:hush-marker@proxy:1", "http://u:hush marker@proxy:1",
        ])
    func proxyRefused(url: String) {
        let problems = Loading.problems(["api.proxyUrl": url])
        #expect(problems.map(\.key) == ["api.proxyUrl"])
        #expect(!"\(problems)".contains("hush"))
        #expect(problems.first?.message.contains("give http://host:port or http://user:password@host:port") == true)
    }
}
