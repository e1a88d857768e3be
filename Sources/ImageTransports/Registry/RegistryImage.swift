import HTTP
public import OCIImage
public import SystemPackage

/// An image of a registry: `docker://REF`, by the OCI distribution specification.
///
/// What is fetched is checked against its digest as it comes in, and kept in a folder until this value goes.
public actor RegistryImage {
    /// How registries are used.
    public struct Options: Sendable {
        /// Where credentials are looked for.
        public var credentials: CredentialStore
        /// Registries that are used without TLS.
        public var insecure: Set<String>
        /// A file with more certificates to trust.
        public var certificates: String?
        /// When requests are sent again.
        public var retry: RetryPolicy
        /// How plain layers are compressed on their way out.
        public var compression: MediaType.Compression
        /// What is read where a name leads to an index of images.
        public var platform: Platform
        /// How many blocks are compressed at once.
        public var threads: Int

        /// Creates options; by default with TLS alone, gzip, images for this machine, and two threads.
        public init(credentials: CredentialStore) {
            self.credentials = credentials
            insecure = []
            retry = RetryPolicy()
            compression = .gzip
            platform = .current
            threads = 2
        }
    }

    let reference: Reference
    let client: RegistryClient
    let options: Options
    let folder: FilePath
    private var fetched: [Digest: ScratchFile] = [:]
    private var resolved: Image?

    /// Takes a name; `folder` is for what is fetched or compressed.
    public init(_ reference: Reference, options: Options, temporaryFolder folder: FilePath) {
        self.reference = reference
        self.options = options
        self.folder = folder
        client = RegistryClient(
            RegistryEndpoint(reference, insecure: options.insecure),
            http: HTTPClient(certificates: options.certificates), credentials: options.credentials,
            retry: options.retry)
    }

    func keep(_ file: ScratchFile, for digest: Digest) { fetched[digest] = file }
    func kept(_ digest: Digest) -> ScratchFile? { fetched[digest] }
    func keep(_ image: Image) { resolved = image }
    var keptImage: Image? { resolved }
}
