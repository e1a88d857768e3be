import Files
import Glibc
import SystemPackage

/// The folders of `PATH`, in the order in which a shell looks at them.
struct SearchPath: Sendable {
    let folders: [FilePath]

    init(_ environment: [String: String]) {
        folders = (environment["PATH"] ?? "").split(separator: ":").map { FilePath(String($0)) }
    }

    /// Every program of a name, the one that a shell starts first.
    func files(_ program: String) -> [(folder: FilePath, file: FilePath)] {
        folders.map { ($0, $0.appending(program)) }.filter { access($0.1.string, X_OK) == 0 && $0.1.isFile }
    }
}

/// A short shell script that ends in starting another program, as Nix and Homebrew wrap them.
struct WrapperScript {
    /// The program that it starts, by an absolute path.
    let program: FilePath?
    /// The folders that it puts in front of `PATH` for that program, the first before the next.
    let folders: [FilePath]

    /// Reads a script; `nil` for anything else.
    init?(_ file: FilePath) {
        guard let bytes = try? file.bytes(limit: 16 << 10), bytes.starts(with: Array("#!".utf8)) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.drop(while: \.isWhitespace) }
        let line = lines.last { $0.hasPrefix("exec") && $0.dropFirst(4).first?.isWhitespace == true }
        let quoted = line.flatMap { $0.firstMatch(of: /\s["'](\/[^"'$]+)["']/) }?.1
        let bare = line.flatMap { $0.firstMatch(of: /\s(\/[^\s"'$]+)/) }?.1
        // makeWrapper of Nix: each line puts one more in front. A pattern is compiled for each use, so few lines get to it.
        folders = lines.reversed().filter { $0.hasPrefix("PATH=") || $0.hasPrefix("export PATH=") }.compactMap { line in
            line.firstMatch(of: /^(?:export )?PATH=["']?(\/[^"':$]+)["']?:?["']?\$/)
                .map { FilePath(String($0.1)) }
        }
        program = (quoted ?? bare).map { FilePath(String($0)) }
    }
}
