import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

@testable import CLI

@Suite("The folder around a project")
struct ContextChoiceTests {
    @Test("a flag counts before config.toml, of which the innermost folder counts; others are refused by name")
    func choice() throws {
        try withTemporaryFolder { folder in
            let root = try #require(folder.realPath)
            let project = root.appending("home/src/mono/web")
            try project.appending("mix.exs").write("")
            try root.appending("home/src/other/x").write("")
            let source = root.appending("home/src")
            var choice = ContextChoice(kept: [source, source.appending("mono")], home: root.appending("home"))
            #expect(try choice.context(of: project)?.path == "web")
            choice.named = source
            #expect(try choice.context(of: project)?.path == "mono/web")
            choice.named = project
            #expect(try choice.context(of: project) == nil)
            for (named, words) in [
                (root, "has your home folder in it"), (root.appending("home"), "has your home folder in it"),
                (source.appending("other"), "does not contain the project"),
                (source.appending("none"), "no such folder"),
            ] {
                choice.named = named
                let error = #expect(throws: Failure.self) { try choice.context(of: project) }
                #expect(error?.code == .usage && error?.message.contains(words) == true)
            }
        }
    }
}
