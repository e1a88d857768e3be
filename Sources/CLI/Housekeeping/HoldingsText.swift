import Console
import FoundationEssentials
import Lifecycle
import OCIImage
import SystemPackage
import Text

/// What mixpack keeps on this machine, in lines and as JSON.
struct HoldingsText {
    private let holdings: Holdings

    init(_ holdings: Holdings) { self.holdings = holdings }

    /// A table of the images, one of the caches, and the sums.
    var text: String {
        let store = holdings.store
        let images = store.entries.map { entry in
            let isPrevious = entry.item.part == .previous
            return [
                isPrevious ? "  its previous image" : entry.reference.familiarName, entry.digest?.short ?? "damaged",
                Amount.bytes(entry.size), Amount.bytes(store.shared(entry)),
                Amount.bytes(store.freed(by: [entry.item])), age(entry.seconds), holdings.origin(of: entry),
            ]
        }
        let projects = holdings.caches.projects.map { project in
            [
                project.path?.string ?? project.name, Amount.bytes(project.bytes), age(project.seconds),
                project.isThere ? "" : "the project is gone",
            ]
        }
        let shared = CacheInventory.Shared.Kind.allCases.compactMap { kind -> [String]? in
            let entries = holdings.caches.shared.filter { $0.kind == kind }
            guard !entries.isEmpty else { return nil }
            let seconds = entries.map(\.seconds).max() ?? 0
            return ["all projects: \(kind.title)", Amount.bytes(entries.reduce(0) { $0 + $1.bytes }), age(seconds), ""]
        }
        var lines: [String] = []
        if images.isEmpty {
            lines.append("no images")
        } else {
            lines += Self.table(
                [["image", "digest", "size", "shared", "own", "age", "from"]] + images, right: [2, 3, 4])
        }
        if !(projects + shared).isEmpty {
            lines += [""] + Self.table([["cache", "size", "last used", ""]] + projects + shared, right: [1])
        }
        return (lines + ["", sums]).joined(separator: "\n")
    }

    private var sums: String {
        let prunable = PrunePlan(holdings, PruneRules()).bytes
        let hint = prunable > 0 ? "; mixpack images prune frees \(Amount.bytes(prunable))" : ""
        return "\(Amount.bytes(holdings.store.size)) in images, \(Amount.bytes(holdings.caches.size)) in caches\(hint)"
    }

    private func age(_ seconds: Int64) -> String { Amount.age(seconds: Double(holdings.now - seconds)) }

    /// Columns as wide as their widest cell; those of `right` end at the right.
    static func table(_ rows: [[String]], right: Set<Int>) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                return right.contains(column) ? blanks + cell : cell + blanks
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// The same as JSON, keys sorted; sizes in bytes, times in seconds since 1970.
    func json() throws -> String {
        let store = holdings.store
        let images = store.entries.map { entry in
            Document.Image(
                name: entry.reference.familiarName, isPrevious: entry.item.part == .previous,
                digest: entry.digest?.description, size: entry.size, shared: store.shared(entry),
                own: store.freed(by: [entry.item]), written: entry.seconds, from: holdings.origin(of: entry))
        }
        let caches = holdings.caches.projects.map { project in
            Document.Cache(
                kind: "project", path: project.folder.string, project: project.path?.string,
                isProjectThere: project.isThere, size: project.bytes, used: project.seconds)
        }
        let shared = holdings.caches.shared.map { shared in
            Document.Cache(
                kind: shared.kind.rawValue, path: shared.path.string, project: nil, isProjectThere: nil,
                size: shared.bytes, used: shared.seconds)
        }
        return try Document(
            images: images, caches: caches + shared, imagesSize: store.size, cachesSize: holdings.caches.size
        )
        .json()
    }

    private struct Document: Encodable {
        struct Image: Encodable {
            var name: String
            var isPrevious: Bool
            var digest: String?
            var size: Int64
            var shared: Int64
            var own: Int64
            var written: Int64
            var from: String
        }
        struct Cache: Encodable {
            var kind: String
            var path: String
            var project: String?
            var isProjectThere: Bool?
            var size: Int64
            var used: Int64
        }
        var images: [Image]
        var caches: [Cache]
        var imagesSize: Int64
        var cachesSize: Int64
    }
}

/// What a removal takes, and what it took.
struct PruneText {
    let plan: PrunePlan
    let now: Int64

    /// A line for each thing that goes, and the sum.
    var text: String {
        let rows = plan.steps.map { step in
            [step.name, step.seconds > 0 ? Amount.age(seconds: Double(now - step.seconds)) : "", step.reason]
        }
        return (HoldingsText.table(rows, right: []) + ["frees \(Amount.bytes(plan.bytes))"]).joined(separator: "\n")
    }

    /// The same as JSON.
    /// - Parameter outcome: what was done; `nil` if nothing was.
    func json(_ outcome: Pruning.Outcome?) throws -> String {
        let steps = plan.steps.map { Document.Step(name: $0.name, reason: $0.reason, written: $0.seconds) }
        return try Document(
            removed: steps, frees: plan.bytes, isDone: outcome != nil, freed: outcome?.freed, kept: outcome?.kept ?? []
        ).json()
    }

    private struct Document: Encodable {
        struct Step: Encodable {
            var name: String
            var reason: String
            var written: Int64
        }
        var removed: [Step]
        var frees: Int64
        var isDone: Bool
        var freed: Int64?
        var kept: [String]
    }
}
