import Diagnostics

/// The exit codes of the lifecycle (CNB Platform specification, "Exit codes"; design, "Questions settled").
package enum ExitCode {
    package static let success: Int32 = 0
    /// A check or rule failed, or something without a code of its own.
    package static let ruleBroken: Int32 = 1
    package static let usage: Int32 = 3
    /// The platform speaks a Platform API that is not known.
    package static let platformAPI: Int32 = 11
    /// A buildpack follows a Buildpack API that is not known.
    package static let buildpackAPI: Int32 = 12
    /// Not a mix project: no buildpack takes part.
    package static let noGroup: Int32 = 20
    /// No group passed, and a buildpack failed.
    package static let noGroupWithErrors: Int32 = 21
    /// The project cannot be planned.
    package static let cannotPlan: Int32 = 22
    package static let analyze: Int32 = 32
    package static let restore: Int32 = 42
    package static let commandFailed: Int32 = 51
    package static let build: Int32 = 52
    package static let export: Int32 = 62
    package static let rebase: Int32 = 72
    package static let extensionFailed: Int32 = 91
    package static let generate: Int32 = 92
    package static let cancelled: Int32 = 130

    /// The code of a failure, in a phase or outside of any.
    package static func code(for failure: Failure, in phase: Phase? = nil) -> Int32 {
        switch failure.code {
        case .usage, .untrusted, .outsideLinks: usage
        case .notMixProject, .notApplicable: noGroup
        case .noToolchain, .brokenMixFile, .ambiguousRelease, .unknownRelease, .invalidReleaseName, .releasesNeeded,
            .versionConflict, .cannotPlan:
            cannotPlan
        case .detectFailed: noGroupWithErrors
        case .unsupportedAPI: buildpackAPI
        case .analysisFailed: analyze
        case .commandFailed: commandFailed
        case .buildFailed: build
        case .exportFailed: export
        case .rebaseFailed: rebase
        case .extensionFailed: extensionFailed
        case .generateFailed: generate
        case .ruleBroken, .secretFound: ruleBroken
        case .malformed, .digestMismatch, .changed, .notFound, .overLimit, .unreadable, .unwritable, .transport,
            .fetchFailed, .unsupported, .notRunnable, .noTerminal, .refused:
            code(for: phase)
        }
    }

    /// The code of whatever else fails in a phase.
    private static func code(for phase: Phase?) -> Int32 {
        switch phase {
        case .analyze: analyze
        case .detect: cannotPlan
        case .restore: restore
        case .build: build
        case .export: export
        case nil: ruleBroken
        }
    }
}
