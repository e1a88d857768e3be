import BuildpackAPI
import TOMLCoding

/// The plan files as a buildpack of API 0.9 and later writes and reads them.
enum PlanFiles {
    /// What `bin/detect` writes: what is provided and required, and the alternatives.
    static func text(of plan: BuildPlan) -> String {
        var table = self.table(of: plan)
        if !plan.alternatives.isEmpty { table.set("or", .tables(plan.alternatives.map(self.table))) }
        return TOMLWriter.text(of: table)
    }

    private static func table(of plan: BuildPlan) -> TOMLTable {
        var table = TOMLTable(entries: [])
        if !plan.provides.isEmpty { table.set("provides", .tables(plan.provides.map { ["name": .string($0)] })) }
        if !plan.requires.isEmpty { table.set("requires", .tables(plan.requires.map(\.table))) }
        return table
    }

    /// The entries that `bin/build` is to provide.
    /// - Throws: `Failure`.
    static func entries(_ text: String, fileName: String) throws -> [BuildPlan.Requirement] {
        try TOMLDocument(parsing: text, fileName: fileName).root.tables("entries").map { entry in
            BuildPlan.Requirement(
                try entry.string("name") ?? "", metadata: try entry.table("metadata")?.metadata ?? [:])
        }
    }
}

extension BuildPlan.Requirement {
    /// The requirement as plan files have it: its name, and its metadata where it has any.
    package var table: TOMLTable {
        var table: TOMLTable = ["name": .string(name)]
        if !metadata.isEmpty { table.set("metadata", .table(TOMLTable(metadata: metadata))) }
        return table
    }
}
