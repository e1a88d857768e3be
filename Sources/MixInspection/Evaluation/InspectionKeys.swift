/// What the answers of an inspection rest on, as keys of a cache.
struct InspectionKeys {
    /// Of the evaluation of mix.exs.
    let evaluation: String
    /// Of the scan of the source.
    let scan: String

    /// - Parameter environment: what mix.exs sees. Values of variables that may be secret are left out: not even a digest
    ///   of them is written.
    init(tree: ProjectTree, files: [String], helper: String, environment: [String: String]) {
        var evaluation = Fingerprint()
        evaluation.add(helper)
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            evaluation.add(SecretName.matches(name) ? name : "\(name)=\(value)")
        }
        tree.addSettings(to: &evaluation)
        self.evaluation = evaluation.hex
        var scan = Fingerprint()
        scan.add(helper)
        for file in files { tree.add(file, to: &scan) }
        self.scan = scan.hex
    }
}
