/// A group of measurements that can be asked for by name.
protocol Benchmark: Sendable {
    /// The word that asks for it on the command line.
    static var name: String { get }

    /// Measures, and reports each figure as soon as it is there.
    func run() async throws
}
