extension Choices {
    /// What is kept of the choices on Release and Secrets: nothing that is secret.
    init(_ release: ReleaseState, _ secrets: SecretsState) {
        var buildVariables = secrets.kept(.build)
        if let profile = release.distribution { buildVariables[ReleaseState.distributionVariable] = profile }
        self.init(
            image: release.image.isEmpty ? nil : release.image, release: release.chosen, runImage: release.runImage,
            tags: release.tags, outputs: release.outputs, usesEngine: release.usesEngine,
            buildVariables: buildVariables, runVariables: secrets.kept(.run), secretCommands: secrets.commands)
    }
}
