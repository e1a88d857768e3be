public import SystemPackage

/// The projects of samples/, copied for a test.
public enum SampleProject: String, Sendable, CaseIterable {
    case hello, umbrella
    case phoenix = "phoenix_minimal"

    /// Copies the sample into a folder, which must not be there yet.
    public func copy(to folder: FilePath, testFile: String = #filePath) throws {
        let sample = try repositoryFolder(testFile: testFile).appending("samples/\(rawValue)")
        guard sample.isThere else { throw TestSupportError("no \(sample)") }
        try sample.copy(to: folder)
    }
}
