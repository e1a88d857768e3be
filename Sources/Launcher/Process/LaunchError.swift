/// Why nothing was started, and the exit status that says so (CNB Platform specification, "Launch").
struct LaunchError: Error {
    /// What kind of failure it is; the raw value is the exit status.
    enum Kind: Int32 {
        /// The image's metadata is missing or broken.
        case metadata = 1
        /// The image asks for a Platform API that this launcher does not have.
        case platformAPI = 11
        /// A buildpack asks for a Buildpack API that this launcher does not have.
        case buildpackAPI = 12
        /// The process cannot be chosen, prepared or started.
        case launch = 82
    }

    let kind: Kind
    let message: ByteString

    init(_ kind: Kind, _ message: ByteString) {
        self.kind = kind
        self.message = message
    }
}
