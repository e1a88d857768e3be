import RunImages
import SystemPackage

/// Says what a path of one processor's packages is called in another's.
struct PathTranslation {
    let from: DebianArchitecture
    let to: DebianArchitecture

    private static func name(of interpreter: String) -> String { FilePath(interpreter).lastComponent?.string ?? "" }

    /// A path from the top, or what a link says.
    func callAsFunction(_ path: String) -> String {
        for top in ["", "/usr"] where path == top + from.interpreter { return top + to.interpreter }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map { part in
            if part == from.triplet { return to.triplet }
            return part == Self.name(of: from.interpreter) ? Self.name(of: to.interpreter) : String(part)
        }
        return parts.joined(separator: "/")
    }
}
