import BuildpackAPI
import Diagnostics
import Files
import MixInspection
import SystemPackage
import Toolchains

/// The user's own programs that a build needs besides Erlang and Elixir: rebar3, those of Node, Rust's, and those
/// that the user names.
struct BuildTools {
    /// Those that were found, behind the shims of version managers.
    let found: [UserTool]
    /// Where the programs are that the user names, in lines.
    let notices: [String]
    /// What the user should know: programs that are named, and shims that cannot run in the sandbox.
    let findings: [Diagnostic]

    /// None at all.
    init() { (found, notices, findings) = ([], [], []) }

    /// - Parameters:
    ///   - named: names and paths of further programs, from flags and config.toml.
    init(_ environment: [String: String], for project: MixProject, in folder: FilePath, named: [String] = []) {
        let tools = UserTools(of: folder, environment: environment)
        let rebar = environment["MIX_REBAR3"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "rebar3"
        let expected =
            [rebar] + (project.makesAssets ? UserTools.node : []) + (project.needsRust ? ["cargo"] : [])
        var found: [UserTool] = []
        var findings: [Diagnostic] = []
        var notices: [String] = []
        for name in expected + named {
            switch tools.find(name) {
            case .found(let tool):
                found.append(tool)
                guard named.contains(name) else { continue }
                let keeper = tools.keeper(of: tool).map { ", by \($0)" } ?? ""
                notices.append("the build may run \(tool.name): \(tool.program)\(keeper)")
            case .refused(let reason, let advice):
                findings.append(
                    Diagnostic(
                        .warning, "\(name) cannot be used in the build: \(reason)",
                        advice: (advice ?? "install it") + ", or name the program: --tool PATH"))
            case .missing:
                guard named.contains(name) else { continue }
                findings.append(
                    Diagnostic(
                        .warning, "\(name), which --tool or config.toml names, is not on PATH",
                        advice: "name it by its path, such as ~/bin/\(name)"))
            }
        }
        self.found = found
        self.findings = findings
        self.notices = notices
    }

    /// The program that mix is to take for rebar3.
    func rebar(_ environment: [String: String]) -> FilePath? {
        let named = environment["MIX_REBAR3"].map { FilePath($0) }
        return found.first { $0.program == named || $0.name == "rebar3" }?.program
    }
}
