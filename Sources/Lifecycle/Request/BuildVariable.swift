import BuildpackAPI

/// A variable that is a field of a request: variables are how users and buildpacks write it.
package enum BuildVariable: String, Sendable, CaseIterable {
    case release = "RELEASE", debug = "DEBUG", distribution = "BP_DISTRIBUTION"

    /// The field that a variable goes into; a secret goes into none, so that its value is masked.
    package init?(_ variable: PlatformVariable) {
        guard !variable.isSecret else { return nil }
        self.init(rawValue: variable.name)
    }

    fileprivate var field: WritableKeyPath<BuildRequest, String?> {
        switch self {
        case .release: \.release
        case .debug: \.debug
        case .distribution: \.distribution
        }
    }
}

extension BuildRequest {
    /// Takes variables as the user writes them, those of fields into the fields; the last of a name counts.
    package mutating func give(_ given: [PlatformVariable]) {
        for variable in given {
            if let known = BuildVariable(variable) {
                self[keyPath: known.field] = variable.value
            } else {
                variables.append(variable)
            }
        }
    }

    /// All variables as buildpacks get them, the fields' at the end; the last of a name counts.
    package var platformVariables: [PlatformVariable] {
        variables
            + BuildVariable.allCases.compactMap { known in
                self[keyPath: known.field].map {
                    PlatformVariable(name: known.rawValue, value: $0, isSecret: false)
                }
            }
    }

    /// Whether the user wants to see every command.
    package var isDebugging: Bool { debug.map { !$0.isEmpty } ?? false }

    /// The variables by name; the last of a name counts.
    var variableValues: [String: String] { Self.values(platformVariables) }

    /// The secrets by name, those too that the build does not get.
    var secrets: [String: String] {
        Self.values(machineSecrets + withheldSecrets + fetchSecrets + variables.filter(\.isSecret))
    }

    /// The variables that a buildpack gets: one of others has the network, so it gets secrets only if the user says so.
    func variableValues(for buildpack: any Buildpack) -> [String: String] {
        guard buildpack.isExternal, !givesSecrets(to: buildpack.descriptor.id) else { return variableValues }
        return variableValues.filter { !secretNames.contains($0.key) }
    }

    var secretNames: Set<String> { Set(variables.filter(\.isSecret).map(\.name)) }

    /// Variables by name; the last of a name counts.
    static func values(_ variables: [PlatformVariable]) -> [String: String] {
        Dictionary(variables.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }
}
