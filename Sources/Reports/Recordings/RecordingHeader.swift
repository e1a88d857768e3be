/// The first line of a recording.
package struct RecordingHeader: Sendable, Hashable, Codable {
    /// The format that this mixpack writes and reads.
    package static let currentFormat = 1

    /// The format's number.
    package var format: Int
    /// The version of mixpack that wrote it.
    package var version: String

    enum CodingKeys: String, CodingKey {
        case format = "mixpack-recording"
        case version
    }
}
