/// What the answers of an inspection rest on, as keys of a cache.
struct InspectionKeys {
    /// Of the evaluation of mix.exs.
    let evaluation: String
    /// Of the scan of the source.
    let scan: String

    /// - Parameter environment: what mix.exs sees.
    init(tree: ProjectTree, files: [String], helper: String, environment: [String: String]) {
        var evaluation = Fingerprint()
        evaluation.add(helper)
        tree.addSettings(environment: environment, to: &evaluation)
        self.evaluation = evaluation.hex
        var scan = Fingerprint()
        scan.add(helper)
        for file in files { tree.add(file, to: &scan) }
        self.scan = scan.hex
    }
}
