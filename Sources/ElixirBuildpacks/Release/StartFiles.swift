import BuildpackAPI
import Diagnostics
import Files
import MixInspection
import SystemPackage
import Text

/// The scripts by which a release starts: whether the kernel and the shell can read them, before an image is made.
struct StartFiles {
    let release: AssembledRelease
    /// The project's folder, to name the files that the scripts are copies of.
    let project: FilePath
    /// The folders of the umbrella's children, relative to the project's.
    var children: [String] = []

    /// Scripts of `bin` that start processes of the image.
    static let processes = ["server", "migrate"]

    /// - Throws: `Failure` at the file of the project that keeps the release from starting.
    func check() throws {
        try checkEnvironment()
        for name in Self.processes where isFile(name) {
            if let problem = problem(of: name) { throw failure(problem) }
        }
    }

    /// What is wrong with other scripts of `bin`, which people call in the container.
    var findings: [Diagnostic] {
        programs.names.filter { !Self.processes.contains($0) && $0 != release.name }.compactMap { name in
            guard isFile(name), ScriptLine(head(of: name)) != nil, let problem = problem(of: name) else { return nil }
            return Diagnostic(
                .warning, problem.text, file: problem.place.file, line: problem.place.line, advice: problem.advice)
        }
    }

    /// The project's files by the names that processes have in `bin`.
    var sources: [String: String] {
        Dictionary(
            uniqueKeysWithValues: Self.processes.filter(isFile).compactMap { name in
                overlay(name).map { (name, $0) }
            })
    }

    // MARK: - Parts

    private struct Problem {
        var text: String
        var place: Place
        var advice: String
    }

    private var programs: FilePath { release.directory.appending("bin") }

    /// Links are the project's own matter: the check of the whole image sees where they lead.
    private func isFile(_ name: String) -> Bool { programs.appending(name).kind == .file }

    private func head(of name: String) -> [UInt8] {
        Array(((try? programs.appending(name).bytes()) ?? []).prefix(1 << 20))
    }

    private func failure(_ problem: Problem) -> Failure {
        Failure(.buildFailed, problem.text, at: problem.place, advice: problem.advice)
    }

    /// The shell takes the character for a part of the last word; an empty line is a command that does not exist.
    private func checkEnvironment() throws {
        let text = (try? release.versionDirectory.appending("env.sh").bytes()) ?? []
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let line = lines.firstIndex { line in
            line.last == UInt8(ascii: "\r") && line.first { $0 != UInt8(ascii: " ") } != UInt8(ascii: "#")
        }
        guard let line else { return }
        let file = source(of: ["rel/env.sh.eex"])
        throw failure(
            Problem(
                text: "\(file ?? "releases/\(release.version)/env.sh") has Windows line ends (CRLF), "
                    + "so the release does not start",
                place: Place(file ?? "mix.exs", line: file == nil ? nil : lines.distance(from: 0, to: line) + 1),
                advice: Self.conversion(file ?? "the template of env.sh")))
    }

    private func problem(of name: String) -> Problem? {
        let file = overlay(name)
        let (place, shown) = (Place(file ?? "mix.exs", line: file == nil ? nil : 1), file ?? "bin/\(name)")
        let advised = file ?? "the file that becomes bin/\(name)"
        guard programs.appending(name).isProgram else {
            return Problem(
                text: "\(shown) cannot be executed: it has no execute permission", place: place,
                advice: "chmod +x \(advised), and commit that: git update-index --chmod=+x \(advised)")
        }
        let head = head(of: name)
        guard !head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { return nil }
        if head.starts(with: [0xEF, 0xBB, 0xBF]) {
            return Problem(
                text: "\(shown) begins with a byte order mark, so the kernel does not see its #! line", place: place,
                advice: "remove the mark: sed -i '1s/^\\xEF\\xBB\\xBF//' \(advised)")
        }
        if ScriptLine(head) != nil, hasReturns(head) {
            return Problem(
                text: "\(shown) has Windows line ends (CRLF), so it does not start", place: place,
                advice: Self.conversion(advised))
        }
        guard let line = ScriptLine(head), line.interpreter.hasPrefix("/") else {
            return Problem(
                text: "\(shown) does not say what runs it: its first line is not #! with the path of a program",
                place: place, advice: "begin it with #!/bin/sh")
        }
        return nil
    }

    private func hasReturns(_ text: [UInt8]) -> Bool {
        text.split(separator: UInt8(ascii: "\n")).contains { $0.last == UInt8(ascii: "\r") }
    }

    private static func conversion(_ file: String) -> String {
        "sed -i 's/\\r$//' \(file); the line rel/** text eol=lf in .gitattributes keeps it so"
    }

    private func overlay(_ name: String) -> String? {
        source(of: ["rel/overlays/bin/\(name)", "overlays/bin/\(name)"])
    }

    /// The first of some files that the project or a child has.
    private func source(of paths: [String]) -> String? {
        let folders = [""] + children.map { "\($0)/" }
        return folders.lazy.flatMap { folder in paths.map { folder + $0 } }
            .first { project.appending($0).leadsSomewhere }
    }
}
