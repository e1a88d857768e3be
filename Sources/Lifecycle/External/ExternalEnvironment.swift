import BuildpackAPI
import BuildpackFiles
import Commands

/// The variables that `bin/detect` and `bin/build` see
/// ([Platform specification](https://github.com/buildpacks/spec/blob/main/platform.md#user-provided-variables)).
struct ExternalEnvironment {
    let manifest: BuildpackManifest
    let places: ExternalPlaces
    let target: BuildTarget
    let executionEnvironment: String
    /// What the operator of the platform sets, in place of what the user gives.
    var operatorRules: [EnvironmentRule] = []

    private static let pathVariables: Set<String> = [
        "PATH", "LD_LIBRARY_PATH", "LIBRARY_PATH", "CPATH", "PKG_CONFIG_PATH",
    ]

    func forDetect(_ base: [String: String], _ given: [String: String]) -> [String: String] {
        var variables = common(base, given)
        if manifest.api >= APIVersion(0, 8) { variables["CNB_BUILD_PLAN_PATH"] = places.planSeen.string }
        return variables
    }

    func forBuild(_ base: [String: String], _ given: [String: String]) -> [String: String] {
        var variables = common(base, given)
        if manifest.api >= APIVersion(0, 8) {
            variables["CNB_BP_PLAN_PATH"] = places.planSeen.string
            variables["CNB_LAYERS_DIR"] = places.own.seen.string
        }
        if manifest.isOwn { variables[BuildpackProgram.lifecycleVariable] = "1" }
        return variables
    }

    /// What an extension's `bin/generate` sees.
    func forGenerate(_ base: [String: String], _ given: [String: String]) -> [String: String] {
        var variables = common(base, given)
        variables["CNB_BP_PLAN_PATH"] = places.planSeen.string
        variables["CNB_OUTPUT_DIR"] = places.output.seen.string
        variables["CNB_EXTENSION_DIR"] = variables.removeValue(forKey: "CNB_BUILDPACK_DIR")
        return variables
    }

    private func common(_ base: [String: String], _ given: [String: String]) -> [String: String] {
        var variables = base.mapValues(places.seen)
        if variables["PATH"] == nil { variables["PATH"] = ProgramLookup.systemPath }
        // Nobody's home folder is in the sandbox; programs get an empty one.
        variables["HOME"] = places.home.seen.string
        if !manifest.clearsEnvironment { merge(given, into: &variables) }
        for rule in operatorRules + (places.room?.rules ?? []) { variables.apply(rule) }
        variables["CNB_BUILDPACK_DIR"] = places.root.seen.string
        if manifest.api >= APIVersion(0, 8) { variables["CNB_PLATFORM_DIR"] = places.platform.seen.string }
        if manifest.api >= APIVersion(0, 10) { addTarget(&variables) }
        if manifest.api >= APIVersion(0, 12), !executionEnvironment.isEmpty {
            variables["CNB_EXEC_ENV"] = executionEnvironment
        }
        return variables
    }

    /// The user's variables: put in front of paths, in place of all others.
    private func merge(_ given: [String: String], into variables: inout [String: String]) {
        for (name, value) in given {
            let current = variables[name] ?? ""
            variables[name] = Self.pathVariables.contains(name) && !current.isEmpty ? "\(value):\(current)" : value
        }
    }

    private func addTarget(_ variables: inout [String: String]) {
        variables["CNB_TARGET_OS"] = target.os
        variables["CNB_TARGET_ARCH"] = target.architecture
        variables["CNB_TARGET_ARCH_VARIANT"] = target.variant
        variables["CNB_TARGET_DISTRO_NAME"] = target.distributionName
        variables["CNB_TARGET_DISTRO_VERSION"] = target.distributionVersion
    }
}
