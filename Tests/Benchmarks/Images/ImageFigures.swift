/// What writing and pushing a large image took, and whether that is as it should be.
struct ImageFigures {
    let megabytes: Int
    var writes: [LayoutTools.Work: LayoutTools.Outcome] = [:]
    /// By how the layout's layer is compressed: `gzip` or `plain`.
    var pushes: [String: [PushTools.Tool: LayoutTools.Outcome]] = [:]

    private static let memoryLimit = 200_000

    var lines: [String] {
        ["\(megabytes) MB in \(megabytes * 30) files into a layout: medians of three"]
            + LayoutTools.Work.allCases.compactMap { work in writes[work].map { line(work.rawValue, $0) } }
            + ["push to a registry: medians of three"]
            + ["gzip", "plain"].flatMap { kind in
                PushTools.Tool.allCases.compactMap { tool in
                    pushes[kind]?[tool].map { line("\(tool.rawValue), \(kind) layer", $0) }
                }
            }
    }

    private func line(_ name: String, _ outcome: LayoutTools.Outcome) -> String {
        let size = outcome.bytes > 0 ? "  \(outcome.bytes / 1_000_000) MB" : ""
        let memory = outcome.memory > 0 ? "  memory \(outcome.memory / 1000) MB" : ""
        return "  \(name) \(outcome.seconds.hundredths) s\(size)\(memory)"
    }

    var goals: [Goal] {
        guard let plain = writes[.plain], let gzip = writes[.gzip], let umoci = writes[.umoci],
            let copy = writes[.copy]
        else { return [] }
        let memory = ([plain, gzip] + pushes.values.compactMap { $0[.mixpack] }).map(\.memory).max() ?? 0
        return [
            goal(
                "gzip \((gzip.seconds / umoci.seconds).hundredths) × umoci's time, to be below 1",
                gzip.seconds < umoci.seconds),
            goal(
                "gzip \((Double(gzip.bytes) / Double(max(umoci.bytes, 1))).hundredths) × umoci's size, to be at most 1",
                gzip.bytes <= umoci.bytes),
            goal(
                "uncompressed \((umoci.seconds / plain.seconds).hundredths) times as fast as umoci, to be at least 4",
                umoci.seconds >= 4 * plain.seconds),
            goal(
                "uncompressed \((plain.seconds / copy.seconds).hundredths) × cp and sha256, to be at most 2",
                plain.seconds <= 2 * copy.seconds),
        ] + pushGoals + [
            goal("memory \(memory / 1000) MB, to be below 200", memory > 0 && memory < Self.memoryLimit)
        ]
    }

    private var pushGoals: [Goal] {
        ["gzip", "plain"].compactMap { kind in
            guard let mine = pushes[kind]?[.mixpack], let skopeo = pushes[kind]?[.skopeo] else { return nil }
            return goal(
                "push of a \(kind) layer \((mine.seconds / skopeo.seconds).hundredths) × skopeo's time, to be at most 1",
                mine.seconds <= skopeo.seconds)
        }
    }

    private func goal(_ text: String, _ isReached: Bool) -> Goal { Goal(text: text, isReached: isReached) }
}
