import BuildpackAPI
import OCIImage

/// The labels that other CNB platforms read
/// ([CNB Platform specification, Labels](https://github.com/buildpacks/spec/blob/main/platform.md#labels)).
extension ImageAssembly {
    /// All labels by name; the buildpacks' own win over them, and the user's over all.
    func labels() throws -> [String: String] {
        var labels = [
            LifecycleMetadata.label: try CanonicalJSON.text(lifecycleMetadata),
            "io.buildpacks.build.metadata": try CanonicalJSON.text(buildMetadata),
            "io.buildpacks.project.metadata": request.sourceMetadata ?? "{}",
        ]
        if knowsExecutionEnvironment { labels["io.buildpacks.exec-env"] = request.executionEnvironment }
        let configured = built.parts.flatMap(\.result.compiledSecrets).filter { $0.kind == .configuration }
        let compiled = secretNames.union(configured.map(\.name)).sorted()
        if !compiled.isEmpty { labels["io.mixpack.compiled-secrets"] = compiled.joined(separator: ",") }
        for part in built.parts { labels.merge(part.result.labels) { $1 } }
        return labels.merging(Self.table(request.labels)) { $1 }
    }

    private var lifecycleMetadata: LifecycleMetadata {
        var metadata = LifecycleMetadata()
        metadata.app = layers.app.map { sha($0) }
        metadata.sbom = layers.bills.map { sha($0) }
        let launchLayers = launchLayerLabels
        metadata.buildpacks = built.parts.map { part in
            LifecycleMetadata.Buildpack(
                key: part.buildpack.id, version: part.buildpack.version, layers: launchLayers[part.buildpack.id] ?? [:],
                store: part.result.store.map { LifecycleMetadata.Store(metadata: $0) })
        }
        metadata.config = sha(layers.config)
        metadata.launcher = sha(layers.launcher)
        metadata.processTypes = layers.processTypes.map { sha($0) } ?? LifecycleMetadata.Sha(sha: "")
        let names = RunImageNames(of: runImage)
        metadata.runImage = LifecycleMetadata.RunImage(
            topLayer: runImage.image.layers.last?.diffID.description ?? "",
            reference: names.reference, image: services.form.platformAPI < .minor(12) ? nil : names.image,
            mirrors: names.mirrors.isEmpty || services.form.platformAPI < .minor(12) ? nil : names.mirrors)
        metadata.stack = LifecycleMetadata.Stack(
            runImage: LifecycleMetadata.Image(
                image: names.image, mirrors: names.mirrors.isEmpty ? nil : names.mirrors))
        metadata.executionEnvironment = knowsExecutionEnvironment ? request.executionEnvironment : nil
        return metadata
    }

    private var knowsExecutionEnvironment: Bool { services.form.platformAPI >= .minor(15) }

    private func sha(_ layer: WrittenLayer) -> LifecycleMetadata.Sha {
        LifecycleMetadata.Sha(sha: layer.layer.diffID.description)
    }

    private var buildMetadata: JSONValue {
        let source = JSONValue.object(["git": .object(["repository": .string(""), "commit": .string("")])])
        return JSONValue(fields: [
            "buildpacks": .array(built.parts.map { Self.json($0.buildpack) }),
            "extensions": built.extensions.isEmpty ? nil : .array(built.extensions.map(Self.json)),
            "processes": .array(built.processes.map(json)),
            "launcher": .object(["version": .string(ReferenceLifecycle.version), "source": source]),
            "buildpack-default-process-type": built.defaultProcess.map { .string($0) },
        ])
    }

    private static func json(_ buildpack: BuildpackDescriptor) -> JSONValue {
        JSONValue(fields: [
            "id": .string(buildpack.id), "version": .string(buildpack.version),
            "homepage": buildpack.homepage.map { .string($0) },
        ])
    }

    private func json(_ process: ProcessType, of buildpack: String) -> JSONValue {
        let isText = services.form.platformAPI < .minor(10)
        let words = isText ? process.command.dropFirst() + process.arguments : process.arguments
        return JSONValue(fields: [
            "type": .string(process.type),
            "command": isText ? .string(process.command.first ?? "") : .strings(process.command),
            "args": .strings(words),
            "direct": .bool(process.isDirect), "buildpackID": .string(buildpack),
            "working-dir": process.workingDirectory.map { .string($0) },
            "exec-env": process.executionEnvironments.map { .strings($0) },
        ])
    }
}
