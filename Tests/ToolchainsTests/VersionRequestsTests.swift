import Diagnostics
import SystemPackage
import TestSupport
import Testing

@testable import Toolchains

@Suite("Which Elixir and Erlang a project asks for")
struct VersionRequestsTests {
    private func requests(
        _ files: [String: String], variables: [String: String] = [:], elixir: String? = nil
    ) throws -> VersionRequests {
        try withTemporaryFolder { folder in
            for (name, text) in files { try folder.appending(name).write(text) }
            return VersionRequests(of: folder, variables: variables, requirements: elixir.map { [(".", $0)] } ?? [])
        }
    }

    private let installed = Toolchain(
        elixirVersion: "1.14.0", otpVersion: "25.2.3", ertsVersion: "13.1.5", elixirRoot: "/e", erlangRoot: "/o")

    @Test(
        "every file is read in its own format, with the line",
        arguments: [
            (
                ".tool-versions", "# tools\nnodejs 20\nelixir 1.18.4-otp-27 1.17.0 # first\nerlang ref:OTP-27.3.4\n",
                "elixir 1.18.4/27 .tool-versions:3, erlang 27.3.4 .tool-versions:4"
            ),
            (".tool-versions", "erlang\n  elixir\tv1.18\n", "elixir 1.18 .tool-versions:2"),
            (
                "mise.toml", "[tools]\nelixir = \"1.18.4-otp-27\"\n\"core:erlang\" = 27\nnode = \"20\"\n",
                "elixir 1.18.4/27 mise.toml:2, erlang 27 mise.toml:3"
            ),
            (
                ".mise.toml",
                "[tools]\nelixir = [\"1.17.3\", \"1.18\"]\nerlang = {version = \"26.2\", os = \"linux\"}\n",
                "elixir 1.17.3 .mise.toml:2, erlang 26.2 .mise.toml:3"
            ),
            (".elixir-version", "\n1.15.7\n", "elixir 1.15.7 .elixir-version:2"),
            (".exenv-version", "1.15.7", "elixir 1.15.7 .exenv-version:1"),
            (".erlang-version", "26.1.2\r\n", "erlang 26.1.2 .erlang-version:1"),
            (
                "elixir_buildpack.config",
                "# a script\nerlang_version=27.2\nelixir_version='v1.18.4' # quoted\nalways_rebuild=true\n",
                "elixir 1.18.4 elixir_buildpack.config:3, erlang 27.2 elixir_buildpack.config:2"
            ),
            (
                "Dockerfile",
                "arg ELIXIR_VERSION=1.18.4\nARG OTP_VERSION=\"27.3.4\"\nARG DEBIAN_VERSION=bookworm\nFROM x\n",
                "elixir 1.18.4 Dockerfile:1, erlang 27.3.4 Dockerfile:2"
            ),
            ("Dockerfile", "# x\nFROM elixir:1.20.2-otp-29-slim AS build\n", "elixir 1.20.2/29 Dockerfile:2"),
            (
                "Dockerfile",
                "FROM --platform=linux/amd64 docker.io/hexpm/elixir:1.18.3-erlang-27.3-debian-bookworm-20250113\n",
                "elixir 1.18.3 Dockerfile:1, erlang 27.3 Dockerfile:1"
            ),
            (
                "Dockerfile",
                "ARG BUILDER_IMAGE=\"hexpm/elixir:1.17.3-erlang-26.2.5-alpine-3.20\"\nFROM ${BUILDER_IMAGE} AS builder\nFROM alpine\n",
                "elixir 1.17.3 Dockerfile:1, erlang 26.2.5 Dockerfile:1"
            ),
            (
                "Dockerfile",
                """
                ARG ELIXIR_VERSION=1.18.4
                ARG OTP_VERSION=27.3.4
                ARG BUILDER_IMAGE="hexpm/elixir:${ELIXIR_VERSION}-erlang-${OTP_VERSION}-debian-x"
                FROM ${BUILDER_IMAGE}
                """, "elixir 1.18.4 Dockerfile:1, erlang 27.3.4 Dockerfile:2"
            ),
            (
                "Dockerfile", "ARG V=1.16\nFROM elixir:${V:-1.15}-alpine\nFROM elixir:latest\n",
                "elixir 1.16 Dockerfile:2"
            ),
            (
                ".devcontainer/devcontainer.json",
                "{\n  // \"image\": \"elixir:1.1\"\n  \"image\": \"elixir:1.18.4-otp-27\"\n}\n",
                "elixir 1.18.4/27 .devcontainer/devcontainer.json:3"
            ),
            (
                ".github/workflows/ci.yml",
                """
                env:
                  OTP: '27.3'
                jobs:
                  test:
                    steps:
                      - uses: actions/checkout@v4
                        with:
                          elixir-version: 1.2.3
                      - name: Set up
                        uses: erlef/setup-beam@v1 # x
                        with:
                          otp-version: ${{ env.OTP }}
                          elixir-version: 1.18.x
                      - run: mix test
                """, "elixir 1.18 .github/workflows/ci.yml:13, erlang 27.3 .github/workflows/ci.yml:12"
            ),
            (
                ".github/workflows/one.yaml",
                """
                    strategy:
                      matrix:
                        include:
                          - {elixir: "1.17.3", otp: 27}
                    steps:
                      - with:
                          otp-version: "${{ matrix.otp }}"
                          elixir-version: ${{matrix.elixir}}
                        uses: erlef/setup-beam@v1
                """, "elixir 1.17.3 .github/workflows/one.yaml:8, erlang 27 .github/workflows/one.yaml:7"
            ),
        ])
    func formats(name: String, text: String, expected: String) throws {
        let found = try requests([name: text])
        let words = found.all.map { request in
            "\(request.tool.rawValue) \(request.version)\(request.otpMajor.map { "/\($0)" } ?? "") \(request.place)"
        }
        #expect(words.joined(separator: ", ") == expected)
        #expect(found.findings.isEmpty)
    }

    @Test("what counts more overrules what counts less, and everything is kept with its place")
    func order() throws {
        var files = [
            "Dockerfile": "ARG ELIXIR_VERSION=1.11.4\n", "elixir_buildpack.config": "elixir_version=1.12.3\n",
            ".elixir-version": "1.13.4\n", ".tool-versions": "elixir 1.15.8\n",
            "mise.toml": "[tools]\nelixir='1.16.3'\n",
        ]
        var variables = ["BP_ELIXIR_VERSION": "1.17.3", "BP_OTP_VERSION": ""]
        let sources = [
            "BP_ELIXIR_VERSION", "mise.toml", ".tool-versions", ".elixir-version", "elixir_buildpack.config",
            "Dockerfile", "mix.exs",
        ]
        for index in sources.indices {
            let found = try requests(files, variables: variables, elixir: "~> 1.10")
            #expect(found[.elixir]?.source == sources[index])
            #expect(found.all.map(\.source) == Array(sources[index...]))
            #expect(found.all.filter { !$0.isOverruled }.count == 1)
            #expect(found[.erlang] == nil)
            variables["BP_ELIXIR_VERSION"] = nil
            if index > 0 { files[sources[index]] = nil }
        }
    }

    @Test(
        "a matrix, a range, or files that differ ask for nothing: that is said at the line, unless something else asks",
        arguments: [
            ("elixir: ['1.17', '1.18']", "${{ matrix.elixir }}", "Elixir 1.17, 1.18"),
            ("elixir:\n          - 1.17\n          - 1.18", "${{ matrix.elixir }}", "Elixir 1.17, 1.18"),
            ("os: [x]", "'~> 1.17'", "Elixir ~> 1.17"), ("os: [x]", "latest", "Elixir latest"),
        ])
    func unclear(matrix: String, input: String, expected: String) throws {
        let text = """
            jobs:
              test:
                strategy:
                  matrix:
                    \(matrix)
                steps:
                  - uses: erlef/setup-beam@v1
                    with:
                      elixir-version: \(input)
            """
        let line = text.split(separator: "\n").count
        let found = try requests([".github/workflows/ci.yml": text])
        #expect(found.all.isEmpty)
        let finding = try #require(found.findings.first)
        #expect(finding.severity == .note && finding.text == "\(expected): not one version, so not taken")
        #expect(finding.place.map { "\($0)" } == ".github/workflows/ci.yml:\(line)")
        #expect(try requests([".github/workflows/ci.yml": text, ".elixir-version": "1.16.3"]).findings.isEmpty)
        let one = text.replacing(input, with: "1.18.4").replacing("elixir: [", with: "x: [")
        let two = try requests([
            ".github/workflows/a.yml": one, ".github/workflows/b.yml": one.replacing("1.18.4", with: "1.17.3"),
        ])
        #expect(two.all.isEmpty && two.findings.count == 1)
    }

    @Test("a file that a workflow names with version-file counts, one above the project does not")
    func versionFile() throws {
        func workflow(_ file: String) -> String {
            "steps:\n  - uses: erlef/setup-beam@v1\n    with:\n      version-file: \(file)\n      version-type: strict\n"
        }
        let files = [".github/workflows/ci.yml": workflow(".ci/versions"), ".ci/versions": "elixir 1.18.4\n"]
        #expect(try requests(files)[.elixir]?.place == ".ci/versions:1")
        #expect(try requests([".github/workflows/ci.yml": workflow("../x")]).all.isEmpty)
    }

    @Test("elixir_buildpack.config is read, never run")
    func notRun() throws {
        try withTemporaryFolder { folder in
            let trap = folder.appending("trap")
            try folder.appending("elixir_buildpack.config").write(
                "elixir_version=$(touch '\(trap)')\ntouch '\(trap)'\n")
            let found = VersionRequests(of: folder, variables: [:])
            #expect(found.all.isEmpty)
            #expect(found.findings.count == 1)
            #expect(!trap.isThere)
        }
    }

    @Test(
        "what is no version that can be had is passed over with a warning at its line",
        arguments: [
            (".tool-versions", "elixir main-otp-27\n"), (".tool-versions", "elixir ref:abc123\n"),
            (".tool-versions", "erlang path:/opt/otp\n"), (".erlang-version", "master\n"),
            ("elixir_buildpack.config", "elixir_version=(branch main)\n"), ("Dockerfile", "ARG OTP_VERSION=${X}\n"),
            ("mise.toml", "[tools\nelixir = \"1.18\"\n"), ("mise.toml", "tools = 1\n"),
            (".elixir-version", "1.2.3.4\n"), (".erlang-version", "27.1.2.3.4.5\n"), (".elixir-version", "1.18-rc.1\n"),
        ])
    func notUnderstood(name: String, text: String) throws {
        let found = try requests([name: text])
        #expect(found.all.isEmpty)
        #expect(found.findings.count == 1)
        #expect(found.findings.first?.severity == .warning)
        #expect(found.findings.first?.file == name)
        #expect(found.findings.first?.line == 1)
    }

    @Test("a file that is a folder, or of bytes that are no text, is no trouble")
    func oddFiles() throws {
        let found = try requests([".tool-versions/x": "", ".elixir-version": "\u{0}\u{1}", "Dockerfile": ""])
        #expect(found.all.isEmpty)
    }

    @Test(
        "an installed version is what is asked for when it is the same or more exact",
        arguments: [
            ("1.14.0", "1.14.0", true), ("1.14", "1.14.0", true), ("1.1", "1.14.0", false), ("1.14.1", "1.14.0", false),
            ("25", "25.2.3", true), ("25.2.3", "25.2.3", true), ("25.2.3.1", "25.2.3", false), ("2", "25.2.3", false),
            ("system", "0.1", true),
        ])
    func accepts(asked: String, found: String, expected: Bool) {
        #expect(RequestedVersion(.erlang, asked, source: "x").accepts(found) == expected)
    }

    @Test("OTP's versions are ordered by their numbers, a candidate before its release")
    func otpVersions() throws {
        let words = ["25", "26.2.5", "27.0-rc1", "27.0-rc2", "27.0", "27.3.4", "27.3.4.2", "27.3.4.13", "28.0"]
        let versions = words.compactMap { OTPVersion($0) }
        #expect(versions.count == words.count)
        #expect(versions.shuffled().sorted() == versions)
        #expect(versions.map(\.description) == words)
        #expect(
            ["", "a", "27.", "1.2.3.4.5.6", "27-rc", "27.0-beta1", "99999999"].allSatisfy { OTPVersion($0) == nil })
    }

    // MARK: - What is lacking

    @Test("where the installed toolchain is what is asked for, nothing is lacking")
    func satisfied() throws {
        let files = [".tool-versions": "elixir 1.14.0-otp-25\nerlang 25.2.3\n"]
        #expect(try requests(files, elixir: "~> 1.14").need(installed: installed) == nil)
        #expect(try requests([:], elixir: "~> 1.14").need(installed: installed) == nil)
        #expect(try requests([".tool-versions": "elixir system\n"]).need(installed: installed) == nil)
        // Only a requirement, and it does not hold: the plan says so, and nothing is fetched unasked (case 10).
        #expect(try requests([:], elixir: "~> 1.17").need(installed: installed) == nil)
    }

    @Test("what is lacking is named with its place; what fits stays")
    func lacking() throws {
        let elixir = try #require(try requests([".tool-versions": "elixir 1.15.8\n"]).need(installed: installed))
        #expect(elixir.text == "Elixir 1.15.8 (.tool-versions:1)")
        #expect(elixir.erlang == nil)
        #expect(elixir.elixir?.partner == "25.2.3")
        let erlang = try #require(try requests([".erlang-version": "25.3\n"]).need(installed: installed))
        #expect(erlang.text == "OTP 25.3 (.erlang-version:1)")
        #expect(erlang.elixir == nil)
        let both = try #require(try requests([".elixir-version": "1.18.4\n"]).need(installed: installed))
        #expect(both.erlang == nil)
        let newer = try #require(try requests([".elixir-version": "1.20.1\n"]).need(installed: installed))
        #expect(newer.elixir != nil && newer.erlang != nil)
        // An image of Elixir says the OTP that comes with it, whatever the shell starts.
        let image = try requests(["Dockerfile": "FROM elixir:1.20.2-otp-29\n"])
        let pair = try #require(try image.need(installed: installed, isShells: true))
        #expect(pair.elixir?.partner == nil && pair.erlang?.otpMajors == 29...29 && pair.isPair)
        let suffix = try #require(try requests([".elixir-version": "1.18.4-otp-27\n"]).need(installed: installed))
        #expect(suffix.erlang?.otpMajors == 27...27)
        let otp = try #require(
            try requests([".erlang-version": "27.3\n"], elixir: "~> 1.14").need(installed: installed))
        #expect(otp.elixir?.requests.map(\.version) == ["~> 1.14"])
        let nothing = try #require(try requests([:], elixir: "~> 1.14").need(installed: nil))
        #expect(nothing.elixir?.accepts("1.18.4") == true && nothing.elixir?.accepts("1.13.4") == false)
        #expect(nothing.erlang != nil)
    }

    @Test(
        "what contradicts itself is a conflict before anything is fetched",
        arguments: [
            ("elixir 1.13.4\n", "~> 1.14", "1.14"), ("elixir 1.18.4\nerlang 24.3\n", nil, "OTP 25-27"),
            ("elixir 1.18.4-otp-27\nerlang 26.2\n", nil, "1.18.4-otp-26"),
        ] as [(String, String?, String)])
    func conflicts(text: String, requirement: String?, advice: String) throws {
        let found = try requests([".tool-versions": text], elixir: requirement)
        let error = try #require(throws: Failure.self) { try found.need(installed: installed) }
        #expect(error.code == .versionConflict)
        #expect(error.place?.file == ".tool-versions")
        #expect(error.message.contains(".tool-versions:"))
        #expect(error.advice?.contains(advice) == true, "\(error)")
    }

    @Test("an Elixir built for an older OTP, and an OTP newer than the table, are no conflict")
    func newerOTP() throws {
        #expect(throws: Never.self) {
            try requests([".tool-versions": "elixir 1.18.3-otp-27\nerlang 28.1\n"]).need(installed: installed)
        }
        #expect(throws: Never.self) {
            try requests([".tool-versions": "elixir 1.14.0\nerlang 28.1\n"]).need(installed: installed)
        }
    }

    @Test("a pair that a later patch brought is no conflict")
    func laterPair() throws {
        #expect(throws: Never.self) {
            try requests([".tool-versions": "elixir 1.14.5\nerlang 26.2\n"]).need(installed: installed)
        }
        #expect(throws: Never.self) {
            try requests([".tool-versions": "elixir 1.14\nerlang 26.2\n"], elixir: "~> 1.14.2").need(
                installed: installed)
        }
    }
}
