/// What the image says about itself: `/layers/config/metadata.toml` (CNB Platform specification, "metadata.toml").
struct LaunchMetadata {
    let buildpacks: [LaunchBuildpack]
    let processes: [ProcessDefinition]

    /// Reads the file.
    init(reading path: ByteString) throws(LaunchError) {
        let text: String
        do throws(SystemFailure) {
            text = String(decoding: try System.content(of: path), as: UTF8.self)
        } catch {
            throw LaunchError(.metadata, "cannot read " + path + ": " + error.text)
        }
        do throws(TOMLError) {
            let name = String(decoding: path.bytes, as: UTF8.self)
            let root = try TOMLDocument(parsing: text, fileName: name, keyMatching: .ignoringCase).root
            buildpacks = try root.tables("buildpacks").map { table throws(TOMLError) in try LaunchBuildpack(table) }
            processes = try root.tables("processes").map { table throws(TOMLError) in try ProcessDefinition(table) }
        } catch {
            throw LaunchError(.metadata, ByteString(error.description))
        }
        for buildpack in buildpacks { try buildpack.checkAPI() }
    }

    /// The buildpack of an id.
    func buildpack(_ id: ByteString) -> LaunchBuildpack? { buildpacks.first { $0.id == id } }
}
