import SystemPackage
import TestSupport
import Testing

@testable import Toolchains

@Suite("Versions that are folders of the machine")
struct PathVersionTests {
    @Test("a project's own file cannot choose a folder whose programs then run; the user's file and variable can")
    func paths() throws {
        try withTemporaryFolder { folder in
            let managers = try ToolManagers(in: folder)
            let shims = try managers.addShims(asdf: [("elixir", "elixir"), ("erl", "erlang")])
            let environment = managers.environment([shims])
            let project = managers.home.appending("shop")
            try project.appending("evil/bin/erl").write("#!/bin/sh\n", mode: 0o755)
            // The project need not know where it lies.
            try project.appending(".tool-versions").write("erlang path:/proc/self/cwd/evil\nelixir path:/usr\n")
            for given in ["erlang", "elixir"] {
                let decision = ShellTools(of: project, environment: environment).decision(.asdf, given)
                guard case .answer(.refused(.asdf, let wanted)) = decision else {
                    Issue.record("\(decision)")
                    continue
                }
                #expect(wanted.first?.hasPrefix("path:") == true)
            }
            let findings = InstalledToolchains(for: project, environment: environment).findings
            #expect(
                findings.contains {
                    $0.text.contains("path:/proc/self/cwd/evil") && $0.advice?.contains("ASDF_ERLANG_VERSION") == true
                })
            let variable = environment.merging(["ASDF_ERLANG_VERSION": "path:/usr"]) { $1 }
            let isInstall = { (decision: ShellTools.Decision) in
                if case .answer(.install("/usr", .asdf)) = decision { true } else { false }
            }
            #expect(isInstall(ShellTools(of: project, environment: variable).decision(.asdf, "erlang")))
            try project.appending(".tool-versions").remove()
            try managers.home.appending(".tool-versions").write("erlang path:/usr\n")
            #expect(isInstall(ShellTools(of: project, environment: environment).decision(.asdf, "erlang")))
        }
    }
}
