import Diagnostics
import Files
import SystemPackage

/// Applications of OTP that code calls, and that are in the release only if somebody lists them.
///
/// Says nothing where it cannot know: a dependency that is not fetched yet may list the application.
struct UnlistedApplications {
    let root: FilePath
    let project: MixProject

    /// A warning for each application at the first call of it.
    func findings(_ hits: [ScanHit]) -> [Diagnostic] {
        let calls = hits.filter { $0.kind == .application }
        guard !calls.isEmpty, let lists else { return [] }
        var told: Set<String> = []
        return calls.compactMap { call in
            guard !Self.names(call.name, in: lists), told.insert(call.name).inserted else { return nil }
            return Diagnostic(
                .warning,
                "\(call.default ?? call.name) is of the application :\(call.name), which no application of the release lists",
                file: call.file, line: call.line, advice: "add :\(call.name) to extra_applications in mix.exs")
        }
    }

    /// The texts of all files that may list an application; `nil` where one is not there to read.
    private var lists: [String]? {
        let own = (["."] + project.children.map(\.path)).map { root.appending($0).appending("mix.exs") }
        var texts = own.compactMap(\.text)
        guard texts.count == own.count else { return nil }
        for dependency in project.dependencies where dependency.isForProduction && dependency.source != .umbrella {
            let folder =
                dependency.source == .path
                ? root.appending(dependency.location ?? "") : root.appending("deps").appending(dependency.name)
            let found = [folder.appending("mix.exs"), folder.appending("src/\(dependency.name).app.src")].compactMap(
                \.text)
            if found.isEmpty { return nil }
            texts += found
        }
        return texts
    }

    private static func names(_ application: String, in texts: [String]) -> Bool {
        texts.contains { text in
            text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains { $0 == application }
        }
    }
}
