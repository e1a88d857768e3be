/// A buildpack that took part in the build: one of `[[buildpacks]]`, in group order.
struct LaunchBuildpack {
    let id: ByteString
    let api: APIVersion
    private let apiText: ByteString

    /// The Buildpack APIs that the launcher keeps to.
    private static let supported = APIVersion(0, 2)...APIVersion(0, 12)

    init(_ table: TOMLTable) throws(TOMLError) {
        id = ByteString(try table.string("id") ?? "")
        apiText = ByteString(try table.string("api") ?? "")
        api = APIVersion(apiText) ?? APIVersion(0, 0)
    }

    /// Its folder's name among the layers.
    var folderName: ByteString { ByteString(id.bytes.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 }) }

    /// Refuses an API that the launcher does not keep to.
    func checkAPI() throws(LaunchError) {
        guard Self.supported.contains(api) else {
            throw LaunchError(
                .buildpackAPI,
                "buildpack " + id + " has Buildpack API \"" + apiText + "\"; this launcher keeps to 0.2 up to 0.12")
        }
    }
}
