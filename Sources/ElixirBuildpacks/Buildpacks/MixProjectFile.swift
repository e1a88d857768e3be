import Files
import SystemPackage

/// Whether a folder holds a mix project at all.
enum MixProjectFile {
    private static let others = [("rebar.config", "a rebar3 project"), ("gleam.toml", "a Gleam project")]

    /// Why the folder holds none; `nil` where it holds one.
    static func absence(in folder: FilePath) -> String? {
        if folder.appending("mix.exs").leadsSomewhere { return nil }
        let other = others.first { folder.appending($0.0).leadsSomewhere }
        return "no mix.exs" + (other.map { ": this is \($0.1)" } ?? "")
    }
}
