import Foundation

@testable import IntegrationBridge

/// Requests for ids: the hot ones have the numbers below `hotIDs`, each of the cold ones is asked for in one place only.
struct RequestTrace {
    let hotIDs: Int
    private(set) var ids: [Int] = []
    /// The positions from which a hit ratio is taken.
    private(set) var counted = 0..<0

    private var random: SplitMix64
    /// The share of all requests that goes to an id or to one before it.
    private let shares: [Double]
    private var cold: Int

    /// - Parameter skew: the exponent of Zipf's law.
    init(hotIDs: Int, skew: Double, seed: UInt64) {
        self.hotIDs = hotIDs
        random = SplitMix64(seed: seed)
        cold = hotIDs
        var sum = 0.0
        shares = (1...hotIDs).map { rank in
            sum += 1 / pow(Double(rank), skew)
            return sum
        }
    }

    mutating func addHot(_ count: Int) {
        for _ in 0..<count { ids.append(nextHot()) }
    }

    /// Adds cold ids, with `hot` requests for hot ones among them at random.
    ///
    /// - Parameter echo: how many requests later a cold id is asked for a second time; 0: never.
    mutating func addScan(cold count: Int, hot: Int, echo: Int = 0) {
        var echoes: [(due: Int, id: Int)] = []
        var echoed = 0
        var left = (cold: count, hot: hot)
        while left.cold + left.hot > 0 {
            if echoed < echoes.count, echoes[echoed].due <= ids.count {
                ids.append(echoes[echoed].id)
                echoed += 1
            } else if Int.random(in: 0..<(left.cold + left.hot), using: &random) < left.hot {
                left.hot -= 1
                ids.append(nextHot())
            } else {
                left.cold -= 1
                ids.append(cold)
                if echo > 0 { echoes.append((ids.count + echo, cold)) }
                cold += 1
            }
        }
    }

    /// Counts what is added by `body`.
    mutating func counting(_ body: (inout Self) -> Void) {
        let start = ids.count
        body(&self)
        counted = start..<ids.count
    }

    private mutating func nextHot() -> Int {
        let drawn = Double.random(in: 0..<(shares.last ?? 1), using: &random)
        var low = 0
        var high = hotIDs - 1
        while low < high {
            let middle = (low + high) / 2
            if shares[middle] > drawn { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
