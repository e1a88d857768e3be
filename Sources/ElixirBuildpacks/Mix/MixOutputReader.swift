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

    /// The folders of the umbrella's children and of dependencies by path, relative to the project's, by name.
    private let children: [String: String]
    private let dependencies: Set<String>
    private let own: String?
    private let workspace: String
    /// The folder that was copied, as mix sees it, and the project's folder in it.
    private let tree: (folder: String, path: String)
    private var application: String?
    private var counts: [String: Int] = [:]
    private var pending: Diagnostic?
    /// The file in which a compilation failed, until its exception comes.
    private var compiledFile: String?
    /// The file in whose compilation the exception was raised.
    private var exceptionFile: String?

    private(set) var diagnostics: [Diagnostic] = []
    /// The last exception.
    private(set) var exception: MixException?

    /// - Parameters:
    ///   - workspace: the folder in which mix runs, as it sees it.
    ///   - path: where that is in the folder that was copied; empty if it is that folder.
    init(_ project: MixProject, workspace: String, path: String = "") {
        let byPath = project.dependencies.filter { $0.source == .path }
            .compactMap { dependency in dependency.location.map { (dependency.name, $0) } }
            .filter { !$0.1.hasPrefix("/") }
        children = Dictionary(project.children.map { ($0.name, $0.path) } + byPath, uniquingKeysWith: { one, _ in one })
        dependencies = project.dependencyNames
        tree = (path.isEmpty ? workspace : String(workspace.dropLast(path.utf8.count + 1)), path)
        own = project.app
        application = project.app
        self.workspace = workspace
    }

    /// Reads a chunk of whole lines.
    mutating func read(_ text: String) -> [Fact] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { read(line: $0) }
    }

    /// Reads what the end of the output means.
    mutating func finish() -> [Fact] { closeException() }

    private mutating func read(line: Substring) -> [Fact] {
        let words = line.drop { $0 == " " || $0 == "\t" }
        if words.hasPrefix("==> ") {
            let facts = closeException()
            application = String(words.dropFirst(4).prefix { $0 != " " })
            pending = nil
            return facts
        }
        if words.hasPrefix("** ("), let begun = MixException(line.replacing(workspace + "/", with: "")[...]) {
            return begin(begun)
        }
        if let progress = progress(words) { return closeException() + progress }
        if let headline = headline(words) { return closeException() + headline }
        if exception?.isOpen == true { return continueException(line) }
        if let erlang = erlangProblem(words) { return keep(erlang) }
        return place(words, isIndented: words.startIndex != line.startIndex)
    }

    // MARK: Progress

    private mutating func progress(_ line: Substring) -> [Fact]? {
        let name = application ?? "project"
        // The folders that mix makes say how far dependencies are (`DependencyWatch`).
        guard !dependencies.contains(name) else { return nil }
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

    /// The line that a problem begins with; `nil` if it is another kind of line.
    private mutating func headline(_ line: Substring) -> [Fact]? {
        if let text = line.dropping("warning: ") {
            pending = Diagnostic(.warning, text)
        } else if let text = line.dropping("error: ") {
            pending = Diagnostic(.error, text)
        } else if let text = line.dropping("== Compilation error in file ") {
            compiledFile = path(text.replacing(" ==", with: ""))
        } else {
            return nil
        }
        return []
    }

    /// `  lib/hello.ex:15: Hello.hello/0` (1.14), `└─ lib/hello.ex:15:5: Hello.hello/0` (1.16), as warnings and errors end.
    private mutating func place(_ line: Substring, isIndented: Bool) -> [Fact] {
        guard var found = pending else { return [] }
        let text = line.dropping("└─ ").map { Substring($0) } ?? (isIndented ? line : "")
        guard let match = text.firstMatch(of: /^(?:\([^)]*\) )?([^\s:()]+\.[a-z]+):(\d+)(?::(\d+))?(?:[:\s]|$)/) else {
            return []
        }
        // Warnings of macros name the toolchain's own files first.
        guard !text.hasPrefix("(elixir ") && !text.hasPrefix("(stdlib ") && !text.hasPrefix("(mix ") else { return [] }
        found = diagnostic(found.severity, found.text, String(match.1), Int(match.2), match.3.flatMap { Int($0) })
        pending = nil
        return keep(found)
    }

    /// An exception that follows another is its cause, unless each has a file of its own.
    private mutating func begin(_ begun: MixException) -> [Fact] {
        let facts = exceptionFile == nil ? [] : closeException()
        pending = nil
        exception = begun
        exceptionFile = compiledFile
        compiledFile = nil
        guard let file = begun.place?.file else { return facts }
        let name = path(file)
        exception?.rename(name)
        return facts + closeException()
    }

    private mutating func continueException(_ line: Substring) -> [Fact] {
        guard var found = exception else { return [] }
        let hadPlace = found.place != nil
        found.take(line, path: path(of:))
        exception = found
        return hadPlace || found.place == nil ? [] : keep(found.diagnostic)
    }

    /// Reports the exception, unless that has been done or the compiler only says that it reported all before.
    private mutating func closeException() -> [Fact] {
        guard var found = exception, let file = found.place?.file ?? exceptionFile,
            !diagnostics.contains(found.diagnostic)
        else { return [] }
        if found.place == nil, found.isOfCompiler, diagnostics.contains(where: { $0.severity == .error }) { return [] }
        found.rename(file)
        exception = found
        return keep(found.diagnostic)
    }

    /// The file of a frame whose code is the project's, or is being compiled.
    private func path(of frame: StackFrame) -> String? {
        guard let name = frame.application else {
            return frame.file.hasPrefix("/") && !frame.file.hasPrefix(workspace + "/") ? nil : path(frame.file)
        }
        if let child = children[name] { return "\(child)/\(frame.file)" }
        return name == own ? frame.file : nil
    }

    private static let erlangFiles = [".erl", ".hrl", ".yrl", ".xrl"]

    /// `src/parser.erl:3:5: Warning: variable 'X' is unused`.
    private func erlangProblem(_ line: Substring) -> Diagnostic? {
        // Few lines are one, and a pattern costs more than the look.
        guard Self.erlangFiles.contains(where: line.prefix { $0 != ":" }.hasSuffix),
            let match = line.firstMatch(of: /^([^\s:]+\.(?:erl|hrl|yrl|xrl)):(\d+)(?::(\d+))?: (Warning: )?(.+)$/)
        else {
            return nil
        }
        let severity: Diagnostic.Severity = match.4 == nil ? .error : .warning
        return diagnostic(severity, String(match.5), String(match.1), Int(match.2), match.3.flatMap { Int($0) })
    }

    private func diagnostic(
        _ severity: Diagnostic.Severity, _ text: String, _ file: String, _ line: Int?, _ column: Int?
    ) -> Diagnostic {
        let known = unlisted(text)
        return Diagnostic(
            severity, known?.text ?? text, file: path(file), line: line, column: column, advice: known?.advice)
    }

    /// A call into an application that the release may not have, without mix's list of what to do, which is cut off here.
    private func unlisted(_ text: String) -> (text: String, advice: String)? {
        guard
            let match = text.firstMatch(
                of: /^(.+ defined in application :(\w+) is used by the current application) but .+ does not depend on/)
        else { return nil }
        let name = String(match.2)
        let words = "\(match.1), which does not list it"
        if children[name] != nil { return (words, "add {:\(name), in_umbrella: true} to deps in mix.exs") }
        guard dependencies.contains(name) else { return (words, "add :\(name) to extra_applications in mix.exs") }
        return (words, "remove runtime: false from :\(name) in mix.exs, because the release goes without it otherwise")
    }

    /// The path relative to the project's folder; in an umbrella mix names files relative to the child.
    private func path(_ file: String) -> String {
        if file.hasPrefix(workspace + "/") { return String(file.dropFirst(workspace.count + 1)) }
        if !tree.path.isEmpty, file.hasPrefix(tree.folder + "/") {
            return SourceContext.fromProject(String(file.dropFirst(tree.folder.count + 1)), project: tree.path)
        }
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
