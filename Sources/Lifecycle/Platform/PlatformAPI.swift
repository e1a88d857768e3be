import Diagnostics

/// A version of the Platform API that the lifecycle keeps to
/// ([CNB Platform specification](https://github.com/buildpacks/spec/blob/main/platform.md#platform-api-version)).
package struct PlatformAPI: Sendable, Hashable, Comparable, CustomStringConvertible {
    private let minor: UInt64

    /// The variable by which a platform says which one it speaks.
    package static let variable = "CNB_PLATFORM_API"
    /// The newest one.
    package static let newest = PlatformAPI(minor: 15)
    private static let oldest = PlatformAPI(minor: 9)
    /// All of them, oldest first.
    package static var all: [PlatformAPI] { (oldest.minor...newest.minor).map(PlatformAPI.init(minor:)) }

    private init(minor: UInt64) { self.minor = minor }

    /// `0.MINOR`, whether or not it is kept to; for tables.
    static func minor(_ number: UInt64) -> PlatformAPI { PlatformAPI(minor: number) }

    /// Reads what the platform says.
    /// - Throws: `Failure` if it says nothing, or one that is not kept to: exit code 11, before anything else counts.
    package init(_ environment: [String: String]) throws(Failure) {
        let text = (environment[Self.variable] ?? "").filter { !$0.isWhitespace }
        guard !text.isEmpty else {
            throw Failure(.usage, "\(Self.variable) is not set", advice: "set it to one of \(Self.range)")
        }
        guard let version = APIVersion(text), version.major == 0,
            (Self.oldest.minor...Self.newest.minor).contains(version.minor)
        else {
            throw Failure(.usage, "the Platform API \(text) is not supported", advice: "use one of \(Self.range)")
        }
        minor = version.minor
    }

    private static var range: String { "\(oldest) to \(newest)" }

    package var description: String { "0.\(minor)" }

    package static func < (left: PlatformAPI, right: PlatformAPI) -> Bool { left.minor < right.minor }
}
