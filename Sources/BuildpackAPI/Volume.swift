import SystemPackage

/// A folder of the machine that external buildpacks see: `--volume HOST:PATH[:ro]`.
package struct Volume: Sendable, Hashable {
    package var source: FilePath
    package var destination: FilePath
    package var isWritable: Bool

    package init(_ source: FilePath, at destination: FilePath, isWritable: Bool) {
        self.source = source
        self.destination = destination
        self.isWritable = isWritable
    }

    /// Reads `HOST:PATH[:ro]`; `nil` for anything else.
    /// - Parameters:
    ///   - text: a folder of the machine, an absolute path for buildpacks, and `ro` or `rw`; without either, `rw`.
    ///   - folder: where a relative folder of the machine counts from.
    package init?(_ text: String, relativeTo folder: FilePath) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), !parts[0].isEmpty, parts[1].hasPrefix("/"), parts[1] != "/" else {
            return nil
        }
        guard parts.count == 2 || parts[2] == "ro" || parts[2] == "rw" else { return nil }
        let source = FilePath(parts[0])
        self.init(
            (source.isAbsolute ? source : folder.pushing(source)).lexicallyNormalized(),
            at: FilePath(parts[1]).lexicallyNormalized(), isWritable: parts.count == 2 || parts[2] == "rw")
    }
}
