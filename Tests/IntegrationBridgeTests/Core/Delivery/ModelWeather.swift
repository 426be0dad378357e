@testable import IntegrationBridge

/// How often each fault strikes in one run: some never and some much too often, so that they meet in all combinations.
struct ModelWeather {
    /// By fault; `nil` where it never strikes.
    private let rarities: [Int?]

    init(using random: inout SplitMix64) {
        rarities = ModelFault.allCases.map { fault in
            switch Int.random(in: 0..<4, using: &random) {
            case 0: nil
            case 1: max(3, fault.rarity / 8)
            default: fault.rarity
            }
        }
    }

    func strikes(_ fault: ModelFault, using random: inout SplitMix64) -> Bool {
        guard let rarity = rarities[fault.rawValue] else { return false }
        return Int.random(in: 0..<rarity, using: &random) == 0
    }
}
