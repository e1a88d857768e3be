import Diagnostics
import Files
import RunImages
import SystemPackage
import Toolchains

/// Compares what all processors share of two Erlangs of one version, such as the modules.
struct PortableFiles {
    private var different: [String] = []

    /// Looks at a file of this machine and at its counterpart; one without a counterpart is only this machine's.
    mutating func compare(_ path: String, _ own: FilePath, _ other: FilePath) throws {
        if try !Self.agree(own, other) { different.append(path) }
    }

    /// - Throws: `Failure` of code `versionConflict` that names what differs.
    func check(_ origin: String, _ architecture: DebianArchitecture) throws(Failure) {
        guard !different.isEmpty else { return }
        let named = different.sorted().prefix(5).joined(separator: ", ")
        let more = different.count > 5 ? " and \(different.count - 5) more" : ""
        throw Failure(
            .versionConflict,
            "Erlang's files that are the same for all processors differ in \(origin): \(named)\(more)",
            advice: "take an Erlang for \(architecture.name) that was built from the same sources as this machine's")
    }

    /// Whether two files have the same bytes, or are modules with the same code.
    private static func agree(_ own: FilePath, _ other: FilePath) throws -> Bool {
        if own.hasSameBytes(as: other) { return true }
        guard own.extension == "beam", let code = BeamFile(try own.bytes()).code else { return false }
        return BeamFile(try other.bytes()).code == code
    }
}
