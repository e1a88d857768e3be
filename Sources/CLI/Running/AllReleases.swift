import Lifecycle
import MixInspection
import SystemPackage

/// The builds of all releases of a project, one after the other: they share what was compiled, and their layers.
struct AllReleases {
    let wiring: Wiring
    let request: BuildRequest
    let display: DisplayOptions
    /// A line to say first.
    let notice: String?
    /// Where reports go, a folder for each release; `nil` is nowhere.
    var reportFolder: FilePath?
    /// Where bills of materials go, a folder for each release; `nil` is nowhere.
    var billFolder: FilePath?

    /// Builds them; the first failure ends it.
    func run() async throws {
        let names = try await releases()
        let kind = display.resolved(wiring.machine)
        for (index, name) in names.enumerated() {
            if kind == .plain || kind == .tui {
                PlainOutput(display, wiring.machine).output.write(
                    "===> RELEASE \(name) (\(index + 1) of \(names.count))\n")
            }
            var display = display
            // The screen shows one build; several are told in lines.
            if kind == .tui { display.ui = .plain }
            try await BuildRun(
                wiring: wiring, request: try request.of(release: name), display: display,
                notice: index == 0 ? notice : nil, reportFolder: reportFolder?.appending(name),
                billFolder: billFolder?.appending(name)
            ).run()
        }
    }

    private func releases() async throws -> [String] {
        let detection = await Detection.make(request.project, release: nil, wiring: wiring)
        let names = detection.project?.releases.map(\.name) ?? []
        if let error = detection.error, error.code != .ambiguousRelease { throw error }
        return names
    }
}
