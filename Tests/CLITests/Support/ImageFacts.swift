import FoundationEssentials
import SystemPackage
import TestSupport

/// An image of an OCI layout as its own files tell it, read without mixpack's code.
struct ImageFacts: Sendable {
    let layout: FilePath
    let tag: String
    /// The manifest's digest.
    let digest: String
    let manifest: JSONValue
    let configuration: JSONValue

    init(layout: FilePath, tag: String) throws {
        let index = try JSONValue(parsing: layout.appending("index.json").readText())
        let named = index["manifests"]?.array?.first {
            $0["annotations"]?["org.opencontainers.image.ref.name"]?.string == tag
        }
        guard let digest = named?["digest"]?.string else {
            throw TestSupportError("no \(tag) in \(layout): \(try index.text())")
        }
        self.layout = layout
        self.tag = tag
        self.digest = digest
        manifest = try JSONValue(parsing: try Self.blob(digest, in: layout).readText())
        guard let config = manifest["config"]?["digest"]?.string else {
            throw TestSupportError("no config in \(digest)")
        }
        configuration = try JSONValue(parsing: try Self.blob(config, in: layout).readText())
    }

    /// The file of a blob.
    static func blob(_ digest: String, in layout: FilePath) throws -> FilePath {
        guard let colon = digest.firstIndex(of: ":") else { throw TestSupportError("not a digest: \(digest)") }
        return layout.appending("blobs/\(digest[..<colon])/\(digest[digest.index(after: colon)...])")
    }

    /// The digests of the plain tars, from the bottom up.
    var diffIDs: [String] { configuration["rootfs"]?["diff_ids"]?.array?.compactMap(\.string) ?? [] }
    /// The files of the layers, from the bottom up.
    func layers() throws -> [FilePath] {
        try manifest["layers"]?.array?.compactMap { $0["digest"]?.string }.map { try Self.blob($0, in: layout) } ?? []
    }
    /// What the image is started with.
    var process: JSONValue? { configuration["config"] }
    /// The image's labels.
    var labels: [String: JSONValue] { process?["Labels"]?.object ?? [:] }
    /// The image's variables.
    var variables: [String] { process?["Env"]?.array?.compactMap(\.string) ?? [] }

    /// The diffID of a layer that a buildpack made, by its short name, from the lifecycle's label.
    func diffID(of layer: String, by buildpack: String = "mix-release") throws -> String {
        let label = try JSONValue(parsing: labels["io.buildpacks.lifecycle.metadata"]?.string ?? "{}")
        let mine = label["buildpacks"]?.array?.first { $0["key"]?.string?.hasSuffix(buildpack) == true }
        guard let digest = mine?["layers"]?[layer]?["sha"]?.string else {
            throw TestSupportError("no layer \(layer) by \(buildpack) in \(try label.text())")
        }
        return digest
    }

    /// The file of a layer that a buildpack made.
    func file(of layer: String) throws -> FilePath {
        guard let index = diffIDs.firstIndex(of: try diffID(of: layer)) else {
            throw TestSupportError("the layer \(layer) is not among the image's: \(diffIDs)")
        }
        return try layers()[index]
    }

    /// The paths in a layer, as tar lists them.
    func paths(in layer: FilePath) async throws -> [String] {
        try await run("/bin/tar", ["-tf", layer.string]).succeeded().lines
    }

    /// The paths in all layers.
    func paths() async throws -> [String] {
        var all: [String] = []
        for layer in try layers() { all += try await paths(in: layer) }
        return all
    }

    /// What is wrong with the layout by independent eyes: every blob has its digest, and skopeo reads the image.
    func problems() async throws -> [String] {
        var problems: [String] = []
        for name in try layout.appending("blobs/sha256").names() {
            let sum = try await run("/usr/bin/sha256sum", [layout.appending("blobs/sha256/\(name)").string]).succeeded()
            if !sum.output.hasPrefix(name) { problems.append("blob \(name) has the digest \(sum.output)") }
        }
        let inspected = try await run(try findTool("skopeo"), ["inspect", "oci:\(layout):\(tag)"])
        if inspected.status != 0 { problems.append(inspected.errorOutput) }
        return problems
    }
}
