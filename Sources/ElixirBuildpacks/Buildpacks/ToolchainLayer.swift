import BuildpackAPI
import Files
import MixInspection
import SystemPackage

/// The build-only layer of a runtime: a `bin` folder of links into what is installed on the machine.
struct ToolchainLayer {
    let name: String
    let version: String
    let root: FilePath
    let programs: [String]

    /// Makes the folder and says what it is.
    func contribute(to layers: FilePath) throws -> LayerContribution {
        let bin = layers.appending(name).appending("bin")
        try bin.makeFolders()
        for program in programs {
            let target = root.appending("bin").appending(program)
            let link = bin.appending(program)
            guard target.leadsSomewhere, link.linkTarget != target.string else { continue }
            try link.remove()
            try link.makeLink(to: target.string)
        }
        return LayerContribution(
            name, types: .build, metadata: ["version": .string(version), "source": .string(root.string)],
            reason: "\(version), installed at \(root)")
    }
}

extension Toolchain {
    /// What buildpacks depend on: the versions and the places.
    var facts: [String: String] {
        [
            "erlang": "\(otpVersion) (erts \(ertsVersion)) \(erlangRoot)", "elixir": "\(elixirVersion) \(elixirRoot)",
        ]
    }
}
