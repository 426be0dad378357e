import IntegrationBridge
import Testing

@Suite("The nearest name") struct NearestNameTests {
    @Test(
        "a slip of the fingers is understood: a letter too many, too few, swapped, in another case",
        arguments: [
            "lookup.maxInFlightt", "lookup.maxInFligt", "lookup.maxInFlihgt", "LOOKUP.MAXINFLIGHT", "maxInFlight",
        ])
    func near(typed: String) {
        let names = BridgeConfiguration.keys.map(\.name)
        #expect(NearestName.of(typed, among: names) == "lookup.maxInFlight")
    }

    @Test("what is near to nothing, empty or very long has no nearest name")
    func far() {
        let names = BridgeConfiguration.keys.map(\.name)
        #expect(NearestName.of("zzzzzzzzzzzzzzzz", among: names) == nil)
        #expect(NearestName.of("", among: names) == nil)
        #expect(NearestName.of(String(repeating: "a", count: 101), among: [String(repeating: "a", count: 101)]) == nil)
        #expect(NearestName.of(String(repeating: "a", count: 100), among: [String(repeating: "a", count: 99)]) != nil)
        #expect(NearestName.of("name", among: []) == nil)
    }

    @Test("of names that are equally near, the first is given")
    func first() {
        #expect(NearestName.of("log", among: ["dog", "fog"]) == "dog")
        #expect(NearestName.of("log", among: ["fog", "dog"]) == "fog")
    }
}
