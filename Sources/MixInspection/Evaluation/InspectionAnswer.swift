import Diagnostics
import FoundationEssentials

/// What the helper writes: facts of mix.exs, or why there are none, and what a scan of the source found.
struct InspectionAnswer: Sendable, Decodable {
    /// Why mix.exs could not be evaluated.
    struct Failure: Sendable, Decodable {
        var message: String
        var file: String?
        var line: Int?
        var timedOut: Bool?
        var noProject: Bool?
    }

    var error: Failure?
    var own: ProjectFacts?
    var children: [ProjectFacts]?
    var scan: [ScanHit]?
}

/// Something that the scan of a source file found.
struct ScanHit: Sendable, Hashable, Codable {
    enum Kind: String, Sendable, Hashable, Codable {
        /// A variable that is read.
        case read
        /// A file of configuration that is imported; `*` stands for a computed part.
        case `import`
        /// An address to listen on that is not the loopback, or is computed.
        case listens
        /// A loopback address to listen on.
        case loopback
        /// `server: true`.
        case server
    }

    var kind: Kind
    var file: String
    var line: Int
    /// The variable, the file that is imported, or the address as it is written.
    var name: String
    var phase: ProjectVariable.Phase?
    var need: ProjectVariable.Need?
    var `default`: String?
    var dynamic: Bool?
}
