@testable import IntegrationBridge

/// A request that waits for its look-up.
struct ModelWaiter: FlightWaiter {
    var token: RecordToken
    var input: ModelInput
    var assignment: UInt32 { token.assignment }
    var heldBytes: Int { 10 + token.wire.trailingZeroBitCount % 7 }
}
