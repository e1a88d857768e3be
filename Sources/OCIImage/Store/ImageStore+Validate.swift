extension ImageStore {
    /// Reads every blob of an image and checks its digest.
    /// - Throws: `ImageError` that names the first blob that is missing or wrong.
    public func validate(_ image: Image) async throws(ImageError) {
        try await ImageValidator().validate(image, blobs: self)
    }
}
