/// Times of the same thing, done again and again.
struct Timing {
    private let sorted: [Duration]

    init(_ times: [Duration]) { sorted = times.sorted() }

    var median: Duration { part(0.5) }
    /// What 99 of 100 are not above.
    var p99: Duration { part(0.99) }
    var worst: Duration { sorted.last ?? .zero }
    var count: Int { sorted.count }

    private func part(_ share: Double) -> Duration {
        guard !sorted.isEmpty else { return .zero }
        return sorted[min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.up)) - 1)]
    }
}

extension Duration {
    /// `12.34 ms`.
    var inMilliseconds: String {
        let hundredths = Int((self / .milliseconds(1) * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) ms"
    }
}

/// How long `body` takes.
func time(_ body: () async throws -> Void) async rethrows -> Duration {
    let start = ContinuousClock.now
    try await body()
    return ContinuousClock.now - start
}
