/// The first line of a recording.
public struct RecordingHeader: Sendable, Hashable, Codable {
    /// The format that this mixpack writes and reads.
    public static let currentFormat = 1

    /// The format's number.
    public var format: Int
    /// The version of mixpack that wrote it.
    public var version: String

    enum CodingKeys: String, CodingKey {
        case format = "mixpack-recording"
        case version
    }
}
