import BuildpackAPI
import Diagnostics
import Files
import MixInspection

/// Follows what mix prints and makes values of it: problems with their places, and how far the compilation is.
///
/// Knows the formats of Elixir 1.14 and those since 1.16. What it does not understand is just output.
struct MixOutputReader {
    enum Fact: Equatable {
        case diagnostic(Diagnostic)
        case progress(step: String, done: Int, total: Int)
    }

    private let children: [String: String]
    private let dependencies: Set<String>
    private let workspace: String
    private var application: String?
    private var counts: [String: Int] = [:]
    private var pending: Diagnostic?

    private(set) var diagnostics: [Diagnostic] = []

    /// - Parameter workspace: the folder in which mix runs, as it sees it.
    init(_ project: MixProject, workspace: String) {
        children = Dictionary(project.children.map { ($0.name, $0.path) }, uniquingKeysWith: { $1 })
        dependencies = project.dependencyNames
        application = project.app
        self.workspace = workspace
    }

    /// Reads a chunk of whole lines.
    mutating func read(_ text: String) -> [Fact] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { read(line: $0) }
    }

    private mutating func read(line: Substring) -> [Fact] {
        let words = line.drop { $0 == " " || $0 == "\t" }
        if words.hasPrefix("==> ") {
            application = String(words.dropFirst(4).prefix { $0 != " " })
            pending = nil
            return []
        }
        return progress(words) ?? problem(words, isIndented: words.startIndex != line.startIndex)
    }

    // MARK: Progress

    private mutating func progress(_ line: Substring) -> [Fact]? {
        let name = application ?? "project"
        if line.hasPrefix("Compiling "), let count = Int(line.dropFirst(10).prefix { $0.isNumber }) {
            counts[name] = count
            return [.progress(step: "compiling \(name)", done: 0, total: count)]
        }
        if line.hasPrefix("Generated "), line.hasSuffix(" app") {
            let app = String(line.dropFirst(10).dropLast(4))
            let count = counts[app] ?? counts[name] ?? 1
            return [.progress(step: "compiling \(app)", done: count, total: count)]
        }
        if line.hasPrefix("* assembling ") { return [.progress(step: "assembling the release", done: 0, total: 1)] }
        if line.hasPrefix("Release created at ") {
            return [.progress(step: "assembling the release", done: 1, total: 1)]
        }
        return nil
    }

    // MARK: Problems

    private mutating func problem(_ line: Substring, isIndented: Bool) -> [Fact] {
        if let text = line.dropping("warning: ") {
            pending = Diagnostic(.warning, text)
            return []
        }
        if let text = line.dropping("error: ") {
            pending = Diagnostic(.error, text)
            return []
        }
        if let text = line.dropping("== Compilation error in file ") {
            pending = Diagnostic(.error, "cannot be compiled", file: path(text.replacing(" ==", with: "")))
            return []
        }
        if line.hasPrefix("** ("), !isIndented { return raised(line) }
        if let erlang = erlangProblem(line) { return keep(erlang) }
        return place(line, isIndented: isIndented)
    }

    /// `** (CompileError) lib/broken.ex:2: undefined function x/0`, and errors with the place in a later line.
    private mutating func raised(_ line: Substring) -> [Fact] {
        guard let match = line.firstMatch(of: /^\*\* \(([A-Za-z.]+)\) (.*)$/) else { return [] }
        let text = match.2
        if let place = text.firstMatch(
            of: /^(?:[a-z ]+ found at |invalid syntax found on )?([^\s:]+\.[a-z]+):(\d+)(?::(\d+))?:\s*(.*)$/)
        {
            let said = place.4.isEmpty ? String(match.1) : String(place.4)
            pending = nil
            return keep(diagnostic(.error, said, String(place.1), Int(place.2), place.3.flatMap { Int($0) }))
        }
        if pending == nil || pending?.file == nil { pending = Diagnostic(.error, String(text)) }
        return []
    }

    /// `  lib/hello.ex:15: Hello.hello/0` (1.14), `└─ lib/hello.ex:15:5: Hello.hello/0` (1.16), a stack's first own line.
    private mutating func place(_ line: Substring, isIndented: Bool) -> [Fact] {
        guard var found = pending else { return [] }
        let text = line.dropping("└─ ").map { Substring($0) } ?? (isIndented ? line : "")
        guard let match = text.firstMatch(of: /^(?:\([^)]*\) )?([^\s:()]+\.[a-z]+):(\d+)(?::(\d+))?(?:[:\s]|$)/) else {
            return []
        }
        // A stack names the toolchain's own files first.
        guard !text.hasPrefix("(elixir ") && !text.hasPrefix("(stdlib ") && !text.hasPrefix("(mix ") else { return [] }
        found = diagnostic(found.severity, found.text, String(match.1), Int(match.2), match.3.flatMap { Int($0) })
        pending = nil
        return keep(found)
    }

    /// `src/parser.erl:3:5: Warning: variable 'X' is unused`.
    private func erlangProblem(_ line: Substring) -> Diagnostic? {
        guard let match = line.firstMatch(of: /^([^\s:]+\.(?:erl|hrl|yrl|xrl)):(\d+)(?::(\d+))?: (Warning: )?(.+)$/)
        else {
            return nil
        }
        let severity: Diagnostic.Severity = match.4 == nil ? .error : .warning
        return diagnostic(severity, String(match.5), String(match.1), Int(match.2), match.3.flatMap { Int($0) })
    }

    private func diagnostic(
        _ severity: Diagnostic.Severity, _ text: String, _ file: String, _ line: Int?, _ column: Int?
    ) -> Diagnostic {
        Diagnostic(severity, text, file: path(file), line: line, column: column)
    }

    /// The path relative to the project's folder; in an umbrella mix names files relative to the child.
    private func path(_ file: String) -> String {
        if file.hasPrefix(workspace + "/") { return String(file.dropFirst(workspace.count + 1)) }
        guard let application, !file.hasPrefix("/") else { return file }
        if let child = children[application] { return file.hasPrefix(child + "/") ? file : "\(child)/\(file)" }
        return dependencies.contains(application) ? "deps/\(application)/\(file)" : file
    }

    /// A dependency's warnings are only output; everything else is the user's to know.
    private mutating func keep(_ diagnostic: Diagnostic) -> [Fact] {
        if diagnostic.severity != .error, dependencies.contains(application ?? "") { return [] }
        diagnostics.append(diagnostic)
        return [.diagnostic(diagnostic)]
    }
}

extension Substring {
    /// What follows a prefix; `nil` where the text has another one.
    fileprivate func dropping(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
