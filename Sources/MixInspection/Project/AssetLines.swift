import Diagnostics
import Files
import SystemPackage
import TOMLCoding

/// The commands that project.toml gives for the assets: `commands` in `[mixpack.assets]`.
///
/// They are the project's own and run in the sandbox, as mix.exs does.
struct AssetLines {
    /// The steps; `nil` leaves it to mixpack to find out.
    let steps: [AssetStep]?

    private static let name = "project.toml"

    /// - Throws: `Failure` of code `usage` with line and column.
    init(in project: FilePath) throws(Failure) {
        let file = project.appending(Self.name)
        guard file.isFile else {
            steps = nil
            return
        }
        do {
            steps = try Self.read(String(decoding: try ProjectFile.bytes(file), as: UTF8.self))
        } catch {
            throw Failure(.usage, error.message, at: error.place, advice: error.advice)
        }
    }

    private static func read(_ text: String) throws(Failure) -> [AssetStep]? {
        let root = try TOMLDocument(parsing: text, fileName: name, keyMatching: .ignoringCase).root
        guard let table = try root.table("mixpack")?.table("assets") else { return nil }
        try table.rejectUnknownKeys(besides: ["commands"], in: "[mixpack.assets]")
        guard let lines = try table.strings("commands"), case .array(let items)? = table["commands"]?.value else {
            throw TOMLError(
                fileName: name, position: table.position,
                message: "[mixpack.assets] has no commands; give them as an array: commands = [\"npm run build\"]")
        }
        return try zip(lines, items).map { line, item throws(Failure) in
            guard !line.allSatisfy(\.isWhitespace), !line.contains("\0") else {
                throw TOMLError(
                    fileName: name, position: item.position,
                    message:
                        "commands: \"\(line)\" is not a command; remove it, or write one such as \"mix phx.digest\"")
            }
            return AssetStep(
                kind: .line, application: ".", folder: ".", command: line,
                reason: "\(name):\(item.position.line) says so")
        }
    }
}
