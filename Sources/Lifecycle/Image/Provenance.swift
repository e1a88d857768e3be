import BuildpackAPI
import OCIImage

/// What an image was made from, as a statement for policies: an
/// [in-toto statement](https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md) with
/// [SLSA's provenance](https://slsa.dev/spec/v1.0/provenance).
///
/// It has digests and names only: no path of this machine, no variable of the build, and no time but one that the user gave.
struct Provenance {
    let image: Image
    let request: BuildRequest
    /// The digest of the project's files that took part.
    let source: String
    /// mixpack's version.
    let version: String
    /// The platforms of an index; empty is the image's own.
    var platforms: [Platform] = []

    static let mediaType = MediaType(rawValue: "application/vnd.in-toto+json")
    static let predicateType = "https://slsa.dev/provenance/v1"
    private static let home = "https://github.com/carlo-colombo/mixpack"

    /// The statement about the image as a registry has it.
    func statement(name: String, digest: Digest) throws -> [UInt8] {
        let subject = JSONValue.object(["name": .string(name), "digest": Self.digest(digest.hex)])
        return try CanonicalJSON.encode(
            JSONValue.object([
                "_type": .string("https://in-toto.io/Statement/v1"), "subject": .array([subject]),
                "predicateType": .string(Self.predicateType), "predicate": predicate,
            ]))
    }

    private var predicate: JSONValue {
        .object([
            "buildDefinition": .object([
                "buildType": .string(Self.home + "/build/v1"), "externalParameters": parameters,
                "resolvedDependencies": .array(dependencies),
            ]),
            "runDetails": JSONValue(fields: [
                "builder": .object([
                    "id": .string(Self.home), "version": .object(["mixpack": .string(version)]),
                ]), "metadata": time.map { .object(["finishedOn": .string($0)]) },
            ]),
        ])
    }

    /// What the user chose; variables stay out, as their names can be secret too.
    private var parameters: JSONValue {
        JSONValue(fields: [
            "release": labels["io.mixpack.release"].map { .string($0) },
            "distribution": request.distribution.map { .string($0) },
            "executionEnvironment": .string(request.executionEnvironment),
            "platform": .string(platform),
        ])
    }

    private var platform: String {
        let all = platforms.isEmpty ? [image.configuration.platform] : platforms
        return all.map { "\($0.os)/\($0.architecture)" }.joined(separator: ",")
    }

    private var time: String? {
        guard case .seconds = request.creationTime else { return nil }
        return image.configuration.created
    }

    private var labels: [String: String] { image.configuration.config.labels }

    // MARK: What it was made from

    private var dependencies: [JSONValue] {
        let metadata = LifecycleMetadata(of: image)
        let buildpacks = (metadata.buildpacks ?? []).map { buildpack in
            JSONValue.object([
                "name": .string("buildpack " + buildpack.key),
                "annotations": .object(["version": .string(buildpack.version)]),
            ])
        }
        return [.object(["name": .string("source"), "digest": Self.digest(source)])] + [runImage(metadata)]
            + toolchain(metadata) + buildpacks
    }

    private func runImage(_ metadata: LifecycleMetadata) -> JSONValue {
        let reference = metadata.runImage?.reference ?? ""
        let digest = reference.split(separator: "@").last.flatMap { try? Digest(String($0)) }
        return JSONValue(fields: [
            "name": .string("run image"), "digest": digest.map { Self.digest($0.hex) },
            "annotations": .object([
                "image": .string(metadata.runImageName ?? ""),
                "topLayer": .string(metadata.runImage?.topLayer ?? ""),
            ]),
        ])
    }

    /// Erlang and Elixir, as the release's lowest layer has them.
    private func toolchain(_ metadata: LifecycleMetadata) -> [JSONValue] {
        let layers = (metadata.buildpacks ?? []).flatMap { $0.layers.values }
        return ["erlang", "elixir"].compactMap { name in
            let versions = layers.compactMap { layer -> String? in
                guard case .string(let version)? = layer.metadata[name] else { return nil }
                return version
            }
            return versions.first.map { version in
                .object(["name": .string(name), "annotations": .object(["version": .string(version)])])
            }
        }
    }

    private static func digest(_ hex: String) -> JSONValue { .object(["sha256": .string(hex)]) }
}
