extension Duration {
    /// As seconds with a fraction, for arithmetic with rates.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
