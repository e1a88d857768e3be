import TerminalUI
import Text

/// The sizes of the last builds as a small chart, by build and by layer, and what grew from the first to the last.
struct GrowthRows {
    private let growth: SizeGrowth
    private let width: Int
    private static let mostBuilds = 10
    private static let mostChanges = 15

    init(_ growth: SizeGrowth, width: Int) {
        self.growth = growth
        self.width = width
    }

    var lines: [StyledLine] {
        guard !growth.builds.isEmpty else {
            return TextWrap.styled("no build of this image is known here yet", width: width, .textDim)
        }
        guard growth.builds.count > 1 else { return builds + ["", StyledLine("one build so far", .textDim)] }
        let since = growth.builds[0].age
        return builds + [""] + layers + [""]
            + changes("Applications since \(since)", growth.applications)
            + [""] + changes("Files since \(since)", growth.files)
    }

    // MARK: By build

    private var builds: [StyledLine] {
        let shown = growth.builds.suffix(Self.mostBuilds)
        let largest = shown.map(\.bytes).max() ?? 1
        let ages = shown.map(\.age.columns).max() ?? 0
        let changes = growth.builds.indices.map { index in
            index == 0 ? "" : Self.change(from: growth.builds[index - 1], to: growth.builds[index])
        }
        let bar = max(6, min(30, width - ages - 12 - (changes.map(\.columns).max() ?? 0)))
        return [StyledLine("Size of the last builds", .heading)]
            + shown.indices.map { index in
                let (build, change) = (growth.builds[index], changes[index])
                let size = Amount.bytes(build.bytes)
                return StyledLine(build.age.padded(to: ages), .textDim)
                    .adding(" " + LayerRows.bar(build.bytes, of: largest, width: bar), .progressDone)
                    .adding(" \(size)", .number)
                    .adding(change.isEmpty ? "" : " \(change)", .number)
            }
    }

    /// `+1.0 MB deps`: by how much a build grew, and in which layer most.
    private static func change(from before: SizeGrowth.Build, to build: SizeGrowth.Build) -> String {
        let difference = build.bytes - before.bytes
        let layers = build.layers.map { layer in
            (layer.name, layer.bytes - (before.layers.first { $0.name == layer.name }?.bytes ?? 0))
        }
        guard difference != 0, let most = layers.max(by: { $0.1.magnitude < $1.1.magnitude }) else { return "=" }
        return "\(Amount.difference(difference)) \(most.0.truncated(to: 16))"
    }

    // MARK: By layer

    private static let steps = Array("▁▂▃▄▅▆▇█")

    private var layers: [StyledLine] {
        let shown = Array(growth.builds.suffix(Self.mostBuilds))
        guard let last = shown.last, let first = shown.first else { return [] }
        let name = min(18, last.layers.map(\.name.columns).max() ?? 0)
        return [StyledLine("By layer", .heading)]
            + last.layers.map { layer in
                let sizes = shown.map { build in build.layers.first { $0.name == layer.name }?.bytes ?? 0 }
                let difference = layer.bytes - (first.layers.first { $0.name == layer.name }?.bytes ?? 0)
                let size = Amount.bytes(layer.bytes)
                return StyledLine(layer.name.shortened(to: name).padded(to: name), .textStrong)
                    .adding(" " + Self.line(sizes), .progressDone)
                    .adding(" " + String(repeating: " ", count: max(0, 7 - size.columns)) + size, .number)
                    .adding(
                        difference == 0 ? " =" : " \(Amount.difference(difference))",
                        difference == 0 ? .textDim : .number)
            }
    }

    /// A line of blocks, from the smallest of the sizes to the largest; level if all are the same.
    private static func line(_ sizes: [Int64]) -> String {
        guard let least = sizes.min(), let most = sizes.max(), most > least else {
            return String(repeating: "▄", count: sizes.count)
        }
        return String(
            sizes.map { size in
                steps[Int((Double(size - least) / Double(most - least) * Double(steps.count - 1)).rounded())]
            })
    }

    // MARK: What grew

    private func changes(_ heading: String, _ changes: [SizeGrowth.Change]) -> [StyledLine] {
        guard !changes.isEmpty else { return [StyledLine(heading, .heading), StyledLine("none grew", .textDim)] }
        let rest = changes.count - Self.mostChanges
        let lines = changes.prefix(Self.mostChanges).map { change in
            let size = change.bytes == 0 ? "gone" : Amount.bytes(change.bytes)
            let room = max(4, width - 10 - size.columns - 1)
            return StyledLine(Amount.difference(change.growth).padded(to: 10), .number)
                .adding(change.name.shortened(to: room).padded(to: room)).adding(" \(size)", .number)
        }
        return [StyledLine(heading, .heading)] + lines
            + (rest > 0 ? [StyledLine("and \(Amount.grouped(rest)) more", .textDim)] : [])
    }
}
