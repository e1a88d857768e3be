public import SystemPackage

/// A folder of the machine that external buildpacks see: `--volume HOST:PATH[:ro]`.
public struct Volume: Sendable, Hashable {
    /// The folder on the machine.
    public var source: FilePath
    /// Where buildpacks see it.
    public var destination: FilePath
    /// Whether they may write to it.
    public var isWritable: Bool

    /// Creates a volume.
    public init(_ source: FilePath, at destination: FilePath, isWritable: Bool) {
        self.source = source
        self.destination = destination
        self.isWritable = isWritable
    }
}
