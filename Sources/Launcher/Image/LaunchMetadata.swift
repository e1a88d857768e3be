/// What the image says about itself: `/layers/config/metadata.toml` (CNB Platform specification, "metadata.toml").
///
/// Specification: https://github.com/buildpacks/spec/blob/main/platform.md#metadatatoml-toml
struct LaunchMetadata {
    let buildpacks: [LaunchBuildpack]
    let processes: [ProcessDefinition]

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

    func buildpack(_ id: ByteString) -> LaunchBuildpack? { buildpacks.first { $0.id == id } }
}

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

/// A way to start the image, as its metadata has it: one of `[[processes]]`.
struct ProcessDefinition {
    let type: ByteString
    /// The program, and arguments that always stand.
    let command: [ByteString]
    /// Arguments that the user's may replace.
    let arguments: [ByteString]
    let isDirect: Bool
    let buildpackID: ByteString
    let workingDirectory: ByteString
    /// The execution environments it is for; empty for all.
    let execEnvironments: [ByteString]

    init(_ table: TOMLTable) throws(TOMLError) {
        type = ByteString(try table.string("type") ?? "")
        command = try Self.command(table)
        arguments = (try table.strings("args") ?? []).map { ByteString($0) }
        isDirect = try table.boolean("direct") ?? false
        buildpackID = ByteString(try table.string("buildpack-id") ?? "")
        workingDirectory = ByteString(try table.string("working-dir") ?? "")
        execEnvironments = (try table.strings("exec-env") ?? []).map { ByteString($0) }
    }

    /// Whether it may run in an execution environment.
    func isFor(_ execEnvironment: ByteString) -> Bool {
        execEnvironments.isEmpty || execEnvironments.contains("*") || execEnvironments.contains(execEnvironment)
    }

    /// An array; before Platform API 0.10 a string.
    private static func command(_ table: TOMLTable) throws(TOMLError) -> [ByteString] {
        if case .string(let text)? = table["command"]?.value { return [ByteString(text)] }
        return (try table.strings("command") ?? []).map { ByteString($0) }
    }
}

/// The version of a CNB API: two numbers, compared as numbers (0.10 is above 0.9).
struct APIVersion: Comparable {
    let major: UInt64
    let minor: UInt64

    init(_ major: UInt64, _ minor: UInt64) {
        self.major = major
        self.minor = minor
    }

    /// Reads `0.12`, also `1` and `v0.12`; `nil` for anything else.
    init?(_ text: ByteString) {
        let digits = text.bytes.first == UInt8(ascii: "v") ? ByteString(text.bytes.dropFirst()) : text
        let (head, tail) = digits.cut(at: .dot)
        guard let major = Self.number(head), let minor = tail.map({ Self.number($0) }) ?? 0 else { return nil }
        self.init(major, minor)
    }

    static func < (left: APIVersion, right: APIVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    private static func number(_ digits: ByteString) -> UInt64? {
        guard !digits.isEmpty, digits.bytes.allSatisfy({ $0.isDigit }) else { return nil }
        return UInt64(String(decoding: digits.bytes, as: UTF8.self))
    }
}
