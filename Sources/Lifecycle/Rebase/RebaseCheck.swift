import OCIImage

/// Whether an application image may be put on another run image
/// ([CNB Platform specification, Rebaser](https://github.com/buildpacks/spec/blob/main/platform.md#rebaser)).
struct RebaseCheck {
    let app: Image
    let metadata: LifecycleMetadata
    let runImage: PlatformServices.RunImage

    private var base: Image { runImage.image }

    /// What stands against it, each as one line; force makes warnings of them.
    func problems() -> [String] { specifiedProblems() + programProblems() }

    private func programProblems() -> [String] {
        let missing = runImage.missingPrograms.joined(separator: ", ")
        return missing.isEmpty ? [] : ["the new run image does not have \(missing), which the image was built with"]
    }

    private func specifiedProblems() -> [String] {
        let api = app.configuration.config.variable("CNB_PLATFORM_API").flatMap { APIVersion($0) }
        guard let api, api >= APIVersion(0, 12) else { return stackProblems() }
        return nameProblems() + rebasableProblems() + platformProblems() + distributionProblems()
    }

    private func nameProblems() -> [String] {
        let known = metadata.runImageNames
        let name = RunImageNames(of: runImage).image
        guard !known.contains(where: { RunImageName($0) == RunImageName(name) }) else { return [] }
        let list = known.isEmpty ? "none" : known.joined(separator: ", ")
        return ["the new run image \(name) is not found in the existing run image metadata: \(list)"]
    }

    private func rebasableProblems() -> [String] {
        app.configuration.config.labels["io.buildpacks.rebasable"] == "false"
            ? ["the image does not allow a rebase (io.buildpacks.rebasable=false)"] : []
    }

    private func platformProblems() -> [String] {
        let (old, new) = (app.configuration, base.configuration)
        let variants = [old.variant ?? "", new.variant ?? ""]
        let differ = !variants.contains("") && old.variant != new.variant
        guard old.os != new.os || old.architecture != new.architecture || differ else { return [] }
        return ["the image is for \(old.platform), the new run image for \(new.platform)"]
    }

    private func distributionProblems() -> [String] {
        ["name", "version"].compactMap { part in
            let label = "io.buildpacks.base.distro." + part
            let old = app.configuration.config.labels[label] ?? ""
            guard let new = base.configuration.config.labels[label], !new.isEmpty, new != old else { return nil }
            return "the image's distribution has the \(part) \"\(old)\", the new run image's \"\(new)\""
        }
    }

    /// Images of platforms before API 0.12 are bound to their stack.
    private func stackProblems() -> [String] {
        let (old, new) = (app.configuration.config.labels, base.configuration.config.labels)
        let id = "io.buildpacks.stack.id"
        guard let oldID = old[id], let newID = new[id], !oldID.isEmpty, oldID == newID else {
            return ["the image's stack is \"\(old[id] ?? "")\", the new run image's \"\(new[id] ?? "")\""]
        }
        let missing = Self.mixins(old).subtracting(Self.mixins(new)).sorted()
        return missing.isEmpty ? [] : ["the new run image lacks the mixins \(missing.joined(separator: ", "))"]
    }

    private static func mixins(_ labels: [String: String]) -> Set<String> {
        let list = JSONValue(json: labels["io.buildpacks.stack.mixins"] ?? "[]")
        guard case .array(let items) = list else { return [] }
        return Set(
            items.compactMap { item in
                guard case .string(let text) = item, !text.hasPrefix("build:") else { return nil }
                return text.hasPrefix("run:") ? String(text.dropFirst("run:".count)) : text
            })
    }
}
