import TestSupport

/// What the readers of pack, the lifecycle and kpack want of an image, in rules of their own: none of mixpack's code.
///
/// Sources: pack `pkg/client/inspect_image.go` and `pkg/buildpack`, lifecycle `platform/files/metadata.go`, kpack
/// `pkg/cnb/remote_image_reader.go` and `stack_reader.go`, go-containerregistry `pkg/name`.
struct ReaderRules {
    /// What breaks a rule.
    private(set) var problems: [String] = []
    private let facts: ImageFacts

    init(_ facts: ImageFacts) { self.facts = facts }

    private mutating func expect(_ condition: Bool, _ problem: String) {
        if !condition { problems.append(problem) }
    }

    private mutating func label(_ name: String) -> JSONValue? {
        let text = facts.labels[name]?.string
        let value = text.flatMap { try? JSONValue(parsing: $0) }
        expect(value != nil, "the label \(name) is not JSON: \(text ?? "none")")
        return value
    }

    /// What every image has to be: one family of media types, a platform, a history for each layer.
    mutating func checkImage() {
        let types = ([facts.manifest["config"]] + (facts.manifest["layers"]?.array ?? [])).compactMap {
            $0?["mediaType"]?.string
        }
        let families = Set(types.map { $0.hasPrefix("application/vnd.oci.image.") })
        expect(families.count == 1, "media types of two families: \(types)")
        expect(types.count == facts.diffIDs.count + 1, "\(types.count - 1) layers, \(facts.diffIDs.count) diffIDs")
        expect(facts.manifest["schemaVersion"]?.integer == 2, "no schema version")
        for name in ["os", "architecture"] {
            expect(facts.configuration[name]?.string?.isEmpty == false, "the configuration has no \(name)")
        }
        let steps = facts.configuration["history"]?.array?.filter { $0["empty_layer"] == nil } ?? []
        expect(steps.count == facts.diffIDs.count, "\(steps.count) steps of history, \(facts.diffIDs.count) layers")
    }

    /// The labels of an application image.
    mutating func checkApplication() {
        checkImage()
        checkLifecycleMetadata()
        checkBuildMetadata()
        _ = label("io.buildpacks.project.metadata")
        let entry = facts.process?["Entrypoint"]?.array?.compactMap(\.string) ?? []
        expect(entry.count == 1 && entry[0].hasPrefix("/cnb/"), "the entrypoint \(entry) is not the launcher's")
        for name in ["CNB_LAYERS_DIR", "CNB_APP_DIR", "CNB_PLATFORM_API"] {
            expect(facts.variables.contains { $0.hasPrefix(name + "=") }, "the variable \(name) is not set")
        }
        // kpack compares it with the stack of the builder; a run image of today may have none.
        if let stack = facts.labels["io.buildpacks.stack.id"] { expect(stack.string?.isEmpty == false, "no stack") }
    }

    private mutating func checkLifecycleMetadata() {
        guard let metadata = label("io.buildpacks.lifecycle.metadata") else { return }
        var digests = (metadata["app"]?.array ?? []).map { $0["sha"]?.string }
        digests += ["config", "launcher", "process-types"].compactMap { metadata[$0] }.map { $0["sha"]?.string }
        for buildpack in metadata["buildpacks"]?.array ?? [] {
            for name in ["key", "version"] {
                expect(buildpack[name]?.string?.isEmpty == false, "a buildpack without \(name)")
            }
            for layer in (buildpack["layers"]?.object ?? [:]).values {
                if layer["launch"] == .bool(true) { digests.append(layer["sha"]?.string) }
                for kind in ["build", "launch", "cache"] {
                    if case .bool? = layer[kind] { continue }
                    expect(layer[kind] == nil, "\(kind) of a layer is no boolean")
                }
            }
        }
        for digest in digests {
            expect(facts.diffIDs.contains(digest ?? ""), "\(digest ?? "a layer without a digest") is not in the image")
        }
        let runImage = metadata["runImage"]
        expect(facts.diffIDs.contains(runImage?["topLayer"]?.string ?? ""), "the run image's top layer is not there")
        checkReference(runImage?["reference"]?.string ?? "")
        for name in [runImage?["image"]?.string, metadata["stack"]?["runImage"]?["image"]?.string]
            + (runImage?["mirrors"]?.array ?? []).map(\.string)
        {
            expect(RegistryName.isTag(name ?? ""), "\(name ?? "nothing") is no name of a run image")
        }
    }

    /// `repository@sha256:…`, or the ID of an engine's image.
    private mutating func checkReference(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        let isDigest = RegistryName.isDigest(parts.last ?? "")
        expect(
            isDigest && (parts.count == 1 || parts.count == 2 && RegistryName.isTag(parts[0])),
            "\(text) is no reference of a run image")
    }

    private mutating func checkBuildMetadata() {
        guard let metadata = label("io.buildpacks.build.metadata") else { return }
        for process in metadata["processes"]?.array ?? [] {
            expect(process["type"]?.string?.isEmpty == false, "a process without a type")
            expect(process["command"]?.array?.allSatisfy { $0.string != nil } == true, "a command is no array")
            expect(process["args"]?.array != nil, "args is no array")
            if case .bool? = process["direct"] {} else { expect(false, "direct is no boolean") }
            expect(process["buildpackID"]?.string != nil, "a process without a buildpack")
        }
        for buildpack in metadata["buildpacks"]?.array ?? [] {
            expect(
                buildpack["id"]?.string != nil && buildpack["version"]?.string != nil,
                "a buildpack without id or version")
        }
        // pack shows no base image for a launcher below 0.5.0.
        let version = metadata["launcher"]?["version"]?.string ?? ""
        let parts = version.split(separator: ".").prefix(2).compactMap { Int($0) }
        expect(parts.count == 2 && (parts[0], parts[1]) >= (0, 5), "the launcher's version is \(version)")
        expect(metadata["launcher"]?["source"]?["git"]?["repository"]?.string != nil, "the launcher has no source")
    }

    /// The labels of a package of buildpacks.
    mutating func checkPackage() {
        checkImage()
        let metadata = label("io.buildpacks.buildpackage.metadata")
        let (id, version) = (metadata?["id"]?.string ?? "", metadata?["version"]?.string ?? "")
        let layers = checkModules()
        expect(layers[id]?[version] != nil, "\(id)@\(version) is not among the package's buildpacks")
        // pack and kpack refuse a package whose stacks lack the builder's; "*" and none are any.
        for stack in metadata?["stacks"]?.array ?? [] {
            expect(stack["id"]?.string == "*", "the package is for one stack only")
        }
    }

    /// The labels of a builder.
    mutating func checkBuilder() {
        checkImage()
        let layers = checkModules()
        guard let metadata = label("io.buildpacks.builder.metadata"), let order = label("io.buildpacks.buildpack.order")
        else { return }
        for buildpack in metadata["buildpacks"]?.array ?? [] {
            let (id, version) = (buildpack["id"]?.string ?? "", buildpack["version"]?.string ?? "")
            expect(layers[id]?[version] != nil, "\(id)@\(version) has no layer")
        }
        for entry in (order.array ?? []).flatMap({ $0["group"]?.array ?? [] }) {
            expect(layers[entry["id"]?.string ?? ""] != nil, "the order names \(entry), which is not there")
        }
        let apis = metadata["lifecycle"]?["apis"]
        for kind in ["buildpack", "platform"] {
            expect(apis?[kind]?["supported"]?.array?.isEmpty == false, "no supported API of \(kind)s")
        }
        expect(facts.labels["io.buildpacks.lifecycle.version"]?.string?.isEmpty == false, "no lifecycle version")
        // A task of Tekton takes anything else for extensions.
        expect(facts.labels["io.buildpacks.extension.layers"]?.string == "{}", "the label of extensions is not {}")
        for image in metadata["images"]?.array ?? [] {
            expect(RegistryName.isTag(image["image"]?.string ?? ""), "\(image) is no run image")
        }
        for name in ["CNB_USER_ID", "CNB_GROUP_ID"] {
            let value = facts.variables.first { $0.hasPrefix(name + "=") }?.dropFirst(name.count + 1)
            expect(value.flatMap { UInt32($0) }.map { $0 > 0 } ?? false, "\(name) is no user's: \(value ?? "")")
        }
    }

    /// Buildpacks and their layers: each layer is in the image, each child of a composite too.
    private mutating func checkModules() -> [String: [String: JSONValue]] {
        let layers = (label("io.buildpacks.buildpack.layers")?.object ?? [:]).mapValues { $0.object ?? [:] }
        for (id, versions) in layers {
            for (version, entry) in versions {
                let digest = entry["layerDiffID"]?.string ?? ""
                expect(facts.diffIDs.contains(digest), "\(id)@\(version) is in \(digest), which is not in the image")
                expect(entry["api"]?.string?.isEmpty == false, "\(id)@\(version) has no api")
                for child in (entry["order"]?.array ?? []).flatMap({ $0["group"]?.array ?? [] }) {
                    let (name, wanted) = (child["id"]?.string ?? "", child["version"]?.string ?? "")
                    expect(layers[name]?[wanted] != nil, "\(id) names \(name)@\(wanted), which is not there")
                }
            }
        }
        return layers
    }
}

/// go-containerregistry's grammar of names.
enum RegistryName {
    /// `[HOST/]REPOSITORY[:TAG]`.
    static func isTag(_ text: String) -> Bool {
        text.wholeMatch(of: #/(?:[a-zA-Z0-9.-]+(?::[0-9]+)?\/)?[a-z0-9_\-.\/]{2,255}(?::[A-Za-z0-9_\-.]{1,127})?/#)
            != nil
    }

    /// `sha256:` and 64 digits.
    static func isDigest(_ text: String) -> Bool { text.wholeMatch(of: /sha256:[0-9a-f]{64}/) != nil }
}
