/// What the answers of an inspection rest on, as keys of a cache.
struct InspectionKeys {
    /// Of the evaluation of mix.exs without secrets, and of the one with made-up values for those that it names.
    let evaluations: [String]
    /// Of the scan of the source.
    let scan: String

    /// - Parameter helper: what tells one version of the helper, and the place that it works in, from another.
    init(tree: ProjectTree, files: [String], helper: String, environment: EvaluationEnvironment) {
        let madeUp = tree.names(among: environment.secretNames)
        let plain = environment.plain
        let full = plain.merging(madeUp.map { ($0, MadeUpValue.value(for: $0)) }) { $1 }
        evaluations = (madeUp.isEmpty ? [plain] : [plain, full]).map { variables in
            var evaluation = Fingerprint()
            evaluation.add(helper)
            tree.addSettings(environment: variables, to: &evaluation)
            return evaluation.hex
        }
        var scan = Fingerprint()
        scan.add(helper)
        for file in files { tree.add(file, to: &scan) }
        self.scan = scan.hex
    }

    /// The key of an evaluation.
    func evaluation(madeUp: Bool) -> String { (madeUp ? evaluations.last : evaluations.first) ?? "" }
}
