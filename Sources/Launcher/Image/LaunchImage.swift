/// The image that the launcher finds itself in.
struct LaunchImage {
    let layersDirectory: ByteString
    let appDirectory: ByteString
    let metadata: LaunchMetadata
    let platformAPI: APIVersion
    /// The environment that the container came with.
    let variables: Variables

    /// The Platform APIs that the launcher keeps to.
    private static let supported = APIVersion(0, 9)...APIVersion(0, 15)

    init(_ variables: Variables) throws(LaunchError) {
        self.variables = variables
        platformAPI = try Self.platformAPI(variables["CNB_PLATFORM_API"] ?? "")
        layersDirectory = Self.folder(variables["CNB_LAYERS_DIR"], otherwise: "/layers")
        appDirectory = Self.folder(variables["CNB_APP_DIR"], otherwise: "/workspace")
        metadata = try LaunchMetadata(reading: layersDirectory + "/config/metadata.toml")
    }

    /// The layer folders of a buildpack, by name: an image holds launch layers only.
    func layers(of buildpack: LaunchBuildpack) -> [ByteString] {
        System.directories(in: layersDirectory + "/" + buildpack.folderName)
    }

    private static func folder(_ given: ByteString?, otherwise standard: ByteString) -> ByteString {
        guard let given, !given.isEmpty else { return standard }
        return given
    }

    private static func platformAPI(_ text: ByteString) throws(LaunchError) -> APIVersion {
        guard let version = APIVersion(text), supported.contains(version) else {
            throw LaunchError(
                .platformAPI,
                text.isEmpty
                    ? "CNB_PLATFORM_API is not set; the image sets it, so do not unset it"
                    : "CNB_PLATFORM_API is \"" + text + "\"; this launcher keeps to 0.9 up to 0.15")
        }
        return version
    }
}
