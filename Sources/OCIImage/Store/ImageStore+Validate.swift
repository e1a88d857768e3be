import Diagnostics

extension ImageStore {
    /// Reads every blob of an image and checks its digest.
    /// - Throws: `Failure` that names the first blob that is missing or wrong.
    package func validate(_ image: Image) async throws(Failure) {
        try await ImageValidator().validate(image, blobs: self)
    }
}
