/// How a simulated bridge delivers.
enum DeliveryMode: CaseIterable {
    case unordered
    case ordered
    case exactlyOnce
}
