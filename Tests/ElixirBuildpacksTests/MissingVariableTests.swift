import Commands
import Diagnostics
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks
@testable import MixInspection
@testable import Toolchains

@Suite("Variables that a build lacks")
struct MissingVariableTests {
    private func plan(_ need: ProjectVariable.Need) throws -> ReleasePlan {
        var project = MixProject(
            kind: .application, evidence: .evaluated, app: "shop", version: "1.0.0",
            releases: [MixRelease(name: "shop", isDefined: false)])
        project.variables = [
            ProjectVariable(
                name: "REGION", phase: .build, need: need, file: "config/prod.exs", line: 4,
                condition: need == .conditional ? "if clustered?" : nil)
        ]
        let toolchain = try Toolchain.discover(environment: ["PATH": ProgramLookup.systemPath])
        return try ReleasePlan(project, in: "/project", toolchain: toolchain, requested: nil)
    }

    @Test("one that the configuration needs in any case stops it, at the line; given, it does not")
    func required() throws {
        let plan = try plan(.required)
        let failure = #expect(throws: Failure.self) { try plan.checkVariables([:]) }
        #expect(failure?.message == "REGION is read when the project is built, and you did not give it")
        #expect(failure?.place == Place("config/prod.exs", line: 4))
        #expect(throws: Never.self) { try plan.checkVariables(["REGION": "eu"]) }
    }

    @Test(
        "one that is needed on a condition only, or can be missing, does not",
        arguments: [
            ProjectVariable.Need.conditional, .default, .flag, .optional,
        ])
    func notRequired(need: ProjectVariable.Need) throws {
        #expect(throws: Never.self) { try plan(need).checkVariables([:]) }
    }

    @Test("a mix.exs that fails on another toolchain than the project asks for says so")
    func otherToolchain() throws {
        try withTemporaryFolder { folder in
            let project = folder.appending("app")
            try project.appending("mix.exs").write("defmodule A do\n  use Mix.Project\nend\n")
            try project.appending(".tool-versions").write("elixir 1.99.1\n")
            let environment = ["PATH": ProgramLookup.systemPath, "HOME": folder.string]
            let toolchain = try Toolchain.discover(environment: environment)
            let found = ProjectToolchain(of: project, variables: [:], environment: environment, supply: nil)
            let broken = Failure(.brokenMixFile, "undefined function", at: Place("mix.exs", line: 2))
            let advice = found.explained(broken, evaluatedWith: toolchain).advice ?? ""
            #expect(advice.contains("evaluated with Elixir \(toolchain.elixirVersion) on OTP \(toolchain.otpVersion)"))
            #expect(advice.contains("the project asks for Elixir 1.99.1 (.tool-versions:1)"))
            let other = Failure(.cannotPlan, "no release")
            #expect(found.explained(other, evaluatedWith: toolchain).advice == nil)
        }
    }
}
