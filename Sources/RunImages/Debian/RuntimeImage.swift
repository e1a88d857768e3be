import Diagnostics
import Files
import OCIImage
import SystemPackage
import Text

/// A run image of the packages of a root: a shell with the tools that release scripts call, and the libraries of the runtime.
struct RuntimeImage {
    let root: FilePath
    let origin: String

    private static let tools = [
        "bash", "ca-certificates", "coreutils", "dash", "grep", "hostname", "libc-bin", "libc6", "mawk", "ncurses-base",
        "sed",
    ]
    /// Whose libraries a release carries the users of.
    private static let runtime = [
        "erlang-asn1", "erlang-base", "erlang-crypto", "erlang-os-mon", "erlang-runtime-tools", "erlang-tools",
    ]
    private static let leftOut: Set<String> = ["debconf", "dpkg", "adduser", "base-passwd", "init-system-helpers"]

    func write(to store: ImageStore) async throws -> (reference: Reference, held: HeldImage) {
        let (layer, osRelease) = try layer()
        let transaction = try store.begin()
        do {
            let added = try await transaction.addLayer(layer.withUser(.application)).layer
            var builder = ImageBuilder()
            builder.append(added, createdBy: "mixpack: run image from \(origin)")
            builder.configuration.created = "1980-01-01T00:00:01Z"
            builder.configuration.config.user = "1000:1000"
            builder.configuration.config.workingDirectory = "/"
            for (name, value) in MachineRunImage.environment {
                builder.configuration.config.setVariable(name, to: value)
            }
            let facts = OSRelease(String(decoding: osRelease, as: UTF8.self))
            builder.configuration.config.labels["io.buildpacks.stack.id"] = MachineRunImage.stackID
            builder.configuration.config.labels["io.buildpacks.base.distro.name"] = facts["ID"]
            builder.configuration.config.labels["io.buildpacks.base.distro.version"] = facts["VERSION_ID"]
            builder.configuration.config.labels[RunImageLabel.packages] = PackageDatabase.label(of: layer.packages)
            let reference = try OwnImage.runImage.reference(added.diffID.short)
            return (reference, try await transaction.commit(try builder.image(), as: [reference]))
        } catch {
            transaction.cancel()
            throw error
        }
    }

    private func layer() throws(Failure) -> (PackageLayer, osRelease: [UInt8]) {
        var tree = try PackageTree(root: root)
        let names = (Self.tools + Self.runtime).compactMap { tree.packages.package(named: $0) }
        let closure = tree.packages.closure(of: names, leaving: Self.leftOut).filter { !$0.name.hasPrefix("erlang-") }
        let base = tree.packages.package(named: "base-files").map { [$0] } ?? []
        for package in base + closure { try tree.add(package) }
        try tree.add("/bin/sh")
        try tree.addCertificates()
        tree.addDiverted()
        try tree.addAlternatives()
        let osRelease = (try? root.appending("usr/lib/os-release").bytes()) ?? []
        return (PackageLayer(items: tree.items, packages: base + closure), osRelease)
    }
}
