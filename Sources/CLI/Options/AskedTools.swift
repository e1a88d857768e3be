import Diagnostics
import Lifecycle
import SystemPackage
import Toolchains

/// The user's programs that a project asks for in project.toml, by name; only the user lets the build run them.
struct AskedTools {
    /// One of them.
    struct Tool {
        let request: ProjectDescriptor.ToolRequest
        let answer: UserTools.Answer
        /// The version manager or the like that keeps it.
        let keeper: String?
        /// Whether a flag or config.toml names it too.
        let isAllowed: Bool
    }

    let tools: [Tool]

    /// Looks where the programs are, as the shell would find them in the project's folder.
    init(_ requests: [ProjectDescriptor.ToolRequest], of project: FilePath, wiring: Wiring) {
        guard !requests.isEmpty else {
            tools = []
            return
        }
        let found = UserTools(of: project, environment: wiring.machine.environment)
        tools = requests.map { request in
            let named = wiring.tools.first { FilePath($0).lastComponent?.string == request.name }
            let answer = found.find(named ?? request.name)
            return Tool(
                request: request, answer: answer, keeper: answer.tool.flatMap(found.keeper), isAllowed: named != nil)
        }
    }

    /// Refuses a program that is not there, and those that the user has not let the build run.
    /// - Throws: `Failure` of code `usage` at the line of project.toml.
    func check() throws(Failure) {
        for tool in tools {
            guard let problem = tool.problem else { continue }
            throw refusal(tool, problem.text, problem.advice)
        }
        let denied = tools.filter(\.isDenied)
        guard let first = denied.first else { return }
        let names = denied.map(\.request.name)
        let text =
            denied.count == 1
            ? "\(names[0]), which is \(first.place)"
            : "programs of yours: \(denied.map { "\($0.request.name) (\($0.place))" }.joined(separator: ", "))"
        let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
        throw Failure(
            .usage, "the project asks for \(text)", at: Place("project.toml", line: first.request.line),
            advice: "let the build run \(names.count == 1 ? "it" : "them"): "
                + names.map { "--tool \($0)" }.joined(separator: " ")
                + ", or for all projects tools = [\(list)] in config.toml")
    }

    private func refusal(_ tool: Tool, _ text: String, _ advice: String) -> Failure {
        Failure(
            .usage, "the project asks for \(tool.request.name), \(text)",
            at: Place("project.toml", line: tool.request.line), advice: advice)
    }

    /// One line for each: the name and where it is.
    var lines: [String] { tools.map { "\($0.request.name): \($0.place)" } }
}

extension AskedTools.Tool {
    /// Why there is no such program, and what to try; `nil` if there is one.
    fileprivate var problem: (text: String, advice: String)? {
        let name = request.name
        switch answer {
        case .missing:
            return ("which is not on PATH", "install it, or name it by its path: --tool PATH/\(name)")
        case .refused(let reason, let advice):
            return ("and \(reason)", "\(advice ?? "install it"), or name it by its path: --tool PATH/\(name)")
        case .found: return nil
        }
    }

    /// Whether it is the user's and the user has not named it; the sandbox shows the system's folders in any case.
    fileprivate var isDenied: Bool {
        guard case .found(let tool) = answer else { return false }
        return !isAllowed && !tool.shown.isEmpty
    }

    /// Where it is, and who keeps it.
    fileprivate var place: String {
        switch answer {
        case .missing: "not on PATH"
        case .refused(let reason, _): reason
        case .found(let tool): "\(tool.program)\(keeper.map { ", by \($0)" } ?? "")"
        }
    }
}

extension UserTools.Answer {
    /// The program, if there is one.
    fileprivate var tool: UserTool? { if case .found(let tool) = self { tool } else { nil } }
}
