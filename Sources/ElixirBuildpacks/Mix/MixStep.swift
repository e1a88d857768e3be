import BuildpackAPI

/// What a command of a build is for, which decides what it gets: nothing has the network and the build's secrets together.
enum MixStep {
    /// Network, no secret of the build; git's token, Hex's keys and the secrets that are meant for fetching.
    case fetch
    /// The build's secrets, no network.
    case build
}

extension BuildContext {
    /// The variables that access for fetching is taken from, those of `--fetch-secret` among them.
    var accessVariables: [String: String] { platformVariables.merging(fetchSecrets) { $1 } }

    /// The context in a platform's container, which has the network in all steps and is the sandbox itself.
    var fetchingWithSecrets: BuildContext {
        var context = self
        context.fetchSecrets.merge(platformVariables.filter { secretNames.contains($0.key) }) { own, _ in own }
        return context
    }

    /// The secrets that steps which fetch do not get, by name.
    var secretsKeptFromFetching: [String] {
        secretNames.filter { !SecretName.isForFetching($0) && fetchSecrets[$0] == nil }.sorted()
    }
}
