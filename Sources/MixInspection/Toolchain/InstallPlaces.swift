import Files
import Glibc
import SystemPackage

/// The folders in which an Elixir or Erlang may be installed, the first one that counts first.
struct InstallPlaces {
    let environment: [String: String]

    /// The folders that hold `bin/<program>`, by `PATH` and then by the version managers' folders.
    func roots(of program: String, tool: String? = nil) -> [FilePath] {
        onPath(program) + managed(tool ?? program)
    }

    private func onPath(_ program: String) -> [FilePath] {
        let path = environment["PATH"] ?? ""
        return path.split(separator: ":").compactMap { folder in
            let file = FilePath(String(folder)).appending(program)
            guard access(file.string, X_OK) == 0, let real = file.realPath else { return nil }
            return real.removingLastComponent().removingLastComponent()
        }
    }

    /// The installs of asdf and mise, newest first.
    private func managed(_ tool: String) -> [FilePath] {
        managers.flatMap { manager in
            let folder = manager.appending("installs/\(tool)")
            return folder.names
                .map { (name: $0, numbers: $0.split { !$0.isNumber }.compactMap { Int($0) }) }
                .filter { !$0.numbers.isEmpty }
                .sorted { $1.numbers.lexicographicallyPrecedes($0.numbers) }
                .flatMap { [folder.appending($0.name), folder.appending($0.name).appending("lib/erlang")] }
                .compactMap(\.realPath)
        }
    }

    private var managers: [FilePath] {
        let home = environment["HOME"].map { FilePath($0) }
        return [
            environment["ASDF_DATA_DIR"].map { FilePath($0) } ?? home?.appending(".asdf"),
            environment["MISE_DATA_DIR"].map { FilePath($0) } ?? home?.appending(".local/share/mise"),
        ].compactMap { $0 }
    }
}
