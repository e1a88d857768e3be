import ArgumentParser
import OCIImage

/// The options that say how registries are reached, the same for every command that reads or writes images.
struct RegistryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A registry that is used without TLS.", valueName: "host[:port]"))
    var insecureRegistry: [String] = []

    @Option(
        help: ArgumentHelp(
            "Certificates to trust besides the system's; without it the file that SSL_CERT_FILE names.",
            valueName: "file"))
    var registryCa: String?

    /// What the options say; by default layers are compressed with gzip.
    func choices(_ machine: Machine, compression: CompressionChoice = .gzip) -> RegistryChoices {
        RegistryChoices(
            insecure: Set(insecureRegistry), compression: compression,
            certificates: registryCa.map { machine.absolute($0).string })
    }
}
