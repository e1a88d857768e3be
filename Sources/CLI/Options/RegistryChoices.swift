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

    /// The options of the registry client.
    func options(environment: [String: String]) -> RegistryImage.Options {
        var options = RegistryImage.Options(credentials: CredentialStore(environment: environment))
        options.insecure = insecure
        options.compression = compression.mediaTypeCompression
        options.certificates = environment["SSL_CERT_FILE"]
        return options
    }
}
