import BuildpackAPI
import Diagnostics
import Files
import Glibc
import SystemPackage
import Text

/// The programs that start processes, where layers of this build have them.
struct ProcessPrograms {
    private struct Program {
        var process: String
        /// Its path in the image.
        var path: String
        /// The project's file that it is a copy of.
        var source: String?
        /// Where it is on this machine.
        var file: FilePath
    }

    private let programs: [Program]

    init(built: BuiltLayers, layers: String = "/layers") {
        programs = built.processes.compactMap { process, _ in
            guard process.isDirect, let path = process.command.first else { return nil }
            for part in built.parts {
                let folder = "\(layers)/\(ProjectCache.escaped(part.buildpack.id))/"
                guard path.hasPrefix(folder) else { continue }
                let rest = FilePath(String(path.dropFirst(folder.count)))
                // A layer that is kept from the last image has no folder here.
                guard let layer = rest.components.first, part.file(at: FilePath(root: nil, [layer])).isFolder else {
                    break
                }
                return Program(
                    process: process.type, path: path, source: part.result.sources[path],
                    file: part.file(at: rest))
            }
            return nil
        }
    }

    /// The files, by the names that people know them by.
    var files: [String: FilePath] {
        Dictionary(programs.map { ($0.source ?? $0.path, $0.file) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Throws: `Failure` for a program that the kernel cannot start.
    func check() throws {
        for program in programs {
            guard let problem = problem(with: program) else { continue }
            throw Failure(
                .exportFailed,
                "the process \(program.process) cannot start: \(program.source ?? program.path) \(problem.text)",
                at: program.source.map { Place($0) }, advice: problem.advice)
        }
    }

    private func problem(with program: Program) -> (text: String, advice: String)? {
        let name = program.source ?? "its source"
        switch program.file.kind {
        // It may lead to a place that only the image has.
        case .link where !program.file.leadsSomewhere: return nil
        case .missing: return ("is not in the image", "check the name in the process, and that its layer has the file")
        case .folder, .other: return ("is not a file", "check the name in the process")
        case .file, .link: break
        }
        guard access(program.file.string, X_OK) == 0 else {
            return ("has no execute permission", "chmod +x \(name)")
        }
        let bytes = (try? program.file.bytes()) ?? []
        guard let line = ScriptLine(bytes) else {
            let isProgram = bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46])
            return isProgram ? nil : ("does not say what runs it", "begin it with #!/bin/sh")
        }
        if line.endsWithReturn { return ("has Windows line ends (CRLF)", "sed -i 's/\\r$//' \(name)") }
        return line.interpreter.hasPrefix("/")
            ? nil : ("does not say what runs it by a path", "begin it with #!/bin/sh")
    }
}
