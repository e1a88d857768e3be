import HTTP
import OCIImage
import SystemPackage

/// An image of a registry: `docker://REF`, by the OCI distribution specification.
///
/// What is fetched is checked against its digest as it comes in, and kept in a folder until this value goes.
package actor RegistryImage {
    /// How registries are used.
    package struct Options: Sendable {
        /// Where credentials are looked for.
        package var credentials: CredentialStore
        /// Registries that are used without TLS.
        package var insecure: Set<String>
        /// A file with more certificates to trust.
        package var certificates: String?
        /// When requests are sent again.
        package var retry: RetryPolicy
        /// How plain layers are compressed on their way out.
        package var compression: MediaType.Compression
        /// What is read where a name leads to an index of images.
        package var platform: Platform
        /// How many blocks are compressed at once.
        package var threads: Int

        /// Creates options; by default with TLS alone, gzip, images for this machine, and two threads.
        package init(credentials: CredentialStore) {
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
    package init(_ reference: Reference, options: Options, temporaryFolder folder: FilePath) {
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
