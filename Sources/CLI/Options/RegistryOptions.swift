import ArgumentParser
import ImageTransports
import OCIImage

/// The options that say how registries are reached, the same for every command that reads or writes images.
struct RegistryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A registry to use without TLS.", valueName: "host[:port]"))
    var insecureRegistry: [String] = []

    @Option(
        help: ArgumentHelp(
            "Certificates to trust besides the system's; by default the file that SSL_CERT_FILE names.",
            valueName: "file"), completion: .file())
    var registryCa: String?

    /// What the options say; by default layers are compressed with gzip.
    func choices(_ machine: Machine, compression: CompressionChoice = .gzip) -> RegistryChoices {
        RegistryChoices(
            insecure: Set(insecureRegistry), compression: compression,
            certificates: registryCa.map { machine.absolute($0).string })
    }
}

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

    /// The options of the registry client; `addresses` says where registries are reached, by their names, and `helper` runs the programs that keep credentials.
    func options(
        addresses: [String: String] = [:], environment: [String: String], memory: RegistryMemory = RegistryMemory(),
        helper: @escaping CredentialStore.Helper
    ) -> RegistryImage.Options {
        var options = RegistryImage.Options(
            credentials: CredentialStore(environment: environment, helper: helper))
        options.memory = memory
        options.addresses = addresses
        options.insecure = insecure
        options.compression = compression.mediaTypeCompression
        options.certificates = certificates ?? environment["SSL_CERT_FILE"]
        return options
    }
}
