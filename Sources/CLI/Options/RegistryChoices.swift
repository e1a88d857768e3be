import ArgumentParser
import ImageTransports
import OCIImage

/// How layers are compressed on their way to a registry.
enum CompressionChoice: String, ExpressibleByArgument, CaseIterable {
    case none, gzip, zstd

    /// The same in the words of media types.
    var mediaTypeCompression: MediaType.Compression {
        switch self {
        case .none: .none
        case .gzip: .gzip
        case .zstd: .zstd
        }
    }
}

/// What the user says about registries.
struct RegistryChoices: Sendable {
    /// Registries that are used without TLS.
    var insecure: Set<String> = []
    /// How layers are compressed.
    var compression = CompressionChoice.gzip
    /// A file of certificates to trust besides the system's; `nil` takes the environment's.
    var certificates: String?

    /// The options of the registry client; `helper` runs the programs that keep credentials.
    func options(environment: [String: String], helper: @escaping CredentialStore.Helper) -> RegistryImage.Options {
        var options = RegistryImage.Options(
            credentials: CredentialStore(environment: environment, helper: helper))
        options.insecure = insecure
        options.compression = compression.mediaTypeCompression
        options.certificates = certificates ?? environment["SSL_CERT_FILE"]
        return options
    }
}
