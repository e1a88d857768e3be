import Glibc

/// Whether the long forms of tests are asked for (`make soak`).
public enum Soak {
    /// Whether `MIXPACK_SOAK` is in the environment.
    public static var isOn: Bool { getenv("MIXPACK_SOAK") != nil }

    /// All cases in `make soak`, the first few in `make test`.
    public static func all<Case>(_ cases: [Case], orFirst count: Int) -> [Case] {
        isOn ? cases : Array(cases.prefix(count))
    }
}
