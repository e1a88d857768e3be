import Diagnostics
import Files
import RunImages
import SystemPackage
import Toolchains

/// An Erlang for another processor in a folder: files are taken out of it, and nothing of it is run.
package struct ForeignErlang: Sendable {
    private let root: FilePath
    private let origin: String
    private let architecture: DebianArchitecture

    /// - Parameters:
    ///   - root: the folder with `erts-*`, `lib` and `releases`.
    ///   - origin: where it is from, for people.
    package init(_ root: FilePath, from origin: String, for architecture: DebianArchitecture) {
        self.root = root
        self.origin = origin
        self.architecture = architecture
    }

    /// The counterparts of files of this machine's Erlang, by their paths in its folder.
    /// - Parameters:
    ///   - paths: the native files.
    ///   - portable: those that must be the same for both processors.
    ///   - own: this machine's Erlang.
    /// - Throws: `Failure` that names what is missing; of code `versionConflict` if the version or a portable file differs.
    package func files(
        for paths: [String], portable: [String], of own: FilePath
    ) throws -> [String: FilePath] {
        try checkVersion(own)
        var files: [String: FilePath] = [:]
        var missing: [String] = []
        for path in paths {
            if let file = file(at: path), try ElfFile(at: file)?.machine == architecture.machine {
                files[path] = file
            } else {
                missing.append(path)
            }
        }
        guard missing.isEmpty else {
            throw Failure(
                .analysisFailed,
                "\(origin) has no \(missing.sorted().joined(separator: ", ")) for \(architecture.name)",
                advice: "take an Erlang that has what this machine's has")
        }
        var comparison = PortableFiles()
        for path in portable {
            guard let other = file(at: path) else { continue }
            try comparison.compare(path, own.appending(path), other)
        }
        try comparison.check(origin, architecture)
        return files
    }

    private func checkVersion(_ own: FilePath) throws(Failure) {
        let here = ToolInstall(.erlang, at: own)?.version ?? "?"
        guard let there = ToolInstall(.erlang, at: root)?.version else {
            throw Failure(.versionConflict, "\(origin) has no Erlang", advice: "take one with OTP \(here)")
        }
        guard there == here else {
            throw Failure(
                .versionConflict, "\(origin) has OTP \(there), this machine builds with \(here)",
                advice: "both images get the same modules, so take an Erlang of exactly this version")
        }
    }

    /// The file at a path, links followed; `nil` where they lead out of the folder.
    private func file(at path: String) -> FilePath? {
        guard let top = root.realPath, let file = top.appending(path).realPath, file.starts(with: top), file.isFile
        else { return nil }
        return file
    }
}
