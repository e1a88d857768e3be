import BuildpackAPI
import Diagnostics
import Lifecycle

/// The buildpacks, or the extensions, of a builder that is being made, and the rules that they have to keep.
struct ModuleSet {
    let modules: [BuilderModule]
    /// `buildpack` or `extension`, for messages.
    var word = "buildpack"
    /// Where builder.toml names a buildpack.
    var place: (BuildpackReference) -> Place? = { _ in nil }

    /// The order with every version filled in.
    /// - Throws: `Failure` of code `usage` for what is not there, or is there in several versions.
    func resolved(_ order: [[BuildpackReference]]) throws(Failure) -> [[BuildpackReference]] {
        var groups: [[BuildpackReference]] = []
        for group in order { groups.append(try resolved(group, of: "the order")) }
        return groups
    }

    func resolved(_ group: [BuildpackReference], of who: String) throws(Failure) -> [BuildpackReference] {
        var result: [BuildpackReference] = []
        for reference in group {
            var resolved = reference
            resolved.version = try find(reference, for: who, at: place(reference)).version
            result.append(resolved)
        }
        return result
    }

    /// Checks that every composite's children are there, and that none contains itself.
    /// - Throws: `Failure`: `usage`, and `cannotPlan` for a circle.
    func checkComposites() throws(Failure) {
        var done: Set<String> = []
        for module in modules { try visit(module, path: [], &done) }
    }

    private func visit(_ module: BuilderModule, path: [String], _ done: inout Set<String>) throws(Failure) {
        if let start = path.firstIndex(of: module.title) {
            let circle = (path[start...] + [module.title]).joined(separator: " → ")
            throw Failure(.cannotPlan, "a composite buildpack contains itself: \(circle)")
        }
        guard !done.contains(module.title) else { return }
        for reference in module.order.joined() {
            let child = try find(reference, for: "the composite \(module.title)", at: nil)
            try visit(child, path: path + [module.title], &done)
        }
        done.insert(module.title)
    }

    private func find(
        _ reference: BuildpackReference, for who: String, at place: Place?
    ) throws(Failure) -> BuilderModule {
        let versions = modules.filter { $0.id == reference.id }
        let found = versions.filter { reference.version == nil || $0.version == reference.version }
        if let only = found.first, found.count == 1 { return only }
        let title = reference.id + (reference.version.map { "@" + $0 } ?? "")
        if found.isEmpty {
            let others = (versions.isEmpty ? modules : versions).map(\.title).joined(separator: ", ")
            throw Failure(
                .usage, "\(who) names the \(word) \(title), which the builder does not have", at: place,
                advice: others.isEmpty ? "add it to [[\(word)s]]" : "add it to [[\(word)s]]; there are: \(others)")
        }
        throw Failure(
            .usage, "\(who) names the \(word) \(title), and the builder has several versions of it",
            at: place, advice: "give its version: \(found.map(\.version).joined(separator: ", "))")
    }

    /// Checks that the lifecycle, the stack and the target are such as the buildpacks need.
    /// - Throws: `Failure`: `unsupportedAPI`, and `usage` for a stack or a target.
    func check(against lifecycle: LifecycleFacts, stackID: String?, target: BuildTarget) throws(Failure) {
        for module in modules {
            guard let api = APIVersion(module.api), lifecycle.buildpackAPIs.contains(api) else {
                throw Failure(
                    .unsupportedAPI,
                    "\(word) \(module.title) uses Buildpack API \"\(module.api)\", which the lifecycle does not support",
                    advice: "lifecycle \(lifecycle.version) supports "
                        + (lifecycle.buildpackAPIs.deprecated + lifecycle.buildpackAPIs.supported)
                        .joined(separator: ", "))
            }
            try checkStack(of: module, stackID)
            try checkTargets(of: module, target)
        }
    }

    /// pack's rule: a buildpack that names stacks has to name the builder's, or any.
    private func checkStack(of module: BuilderModule, _ stackID: String?) throws(Failure) {
        let isFit = module.stacks.isEmpty || module.stacks.contains { $0 == "*" || $0 == stackID }
        guard !isFit else { return }
        throw Failure(
            .usage,
            "\(word) \(module.title) is for the stacks \(module.stacks.joined(separator: ", ")), not for "
                + (stackID ?? "a build image without a stack"),
            advice: "use another build image, or leave the \(word) out")
    }

    private func checkTargets(of module: BuilderModule, _ target: BuildTarget) throws(Failure) {
        let knowsDistribution = target.distributionName != nil && target.distributionVersion != nil
        let rules = module.targets.map { rule in
            var rule = rule
            if !knowsDistribution { rule.distributions = [] }
            return rule
        }
        guard !rules.isEmpty, !rules.contains(where: { $0.matches(target) }) else { return }
        throw Failure(
            .usage,
            "\(word) \(module.title) is for \(module.targets.map(\.text).joined(separator: ", ")), the build image for "
                + target.text,
            advice: "use another build image, or leave the \(word) out")
    }
}
