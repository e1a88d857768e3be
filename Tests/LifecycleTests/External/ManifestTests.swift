import BuildpackAPI
import Diagnostics
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("buildpack.toml")
struct ManifestTests {
    private func manifest(_ text: String, hasBuild: Bool = true) throws -> BuildpackManifest {
        try withTemporaryFolder { folder in
            try folder.appending("buildpack.toml").write(text)
            if hasBuild { try folder.appending("bin/build").write("") }
            return try BuildpackManifest(in: folder)
        }
    }

    private func error(_ text: String) -> Failure? {
        #expect(throws: Failure.self) { try manifest(text) }
    }

    private static let head = "api = \"0.12\"\n[buildpack]\nid = \"a\"\nversion = \"1.2.3\"\n"

    @Test(
        "A1: versions of APIs are two numbers, compared as numbers",
        arguments: [
            ("0.10", APIVersion(0, 10)), ("1", APIVersion(1, 0)), ("1.0", APIVersion(1, 0)), ("v0.9", APIVersion(0, 9)),
            ("0.x", nil), ("", nil), ("0.2wrongapi", nil), ("0.1.2", nil), ("-1.0", nil), ("0.", nil), (" 0.2", nil),
            ("99999999999999999999.0", nil),
        ] as [(String, APIVersion?)])
    func versions(text: String, expected: APIVersion?) {
        #expect(APIVersion(text) == expected)
        #expect(APIVersion(0, 10) > APIVersion(0, 9))
    }

    @Test("A2: an API that is not known is exit code 12", arguments: ["0.1", "0.13", "1.0", "", "0.2wrongapi"])
    func unknownAPI(api: String) {
        let found = error("api = \"\(api)\"\n[buildpack]\nid = \"a\"\nversion = \"1\"")
        #expect(found?.code == .unsupportedAPI)
        #expect(found.map { ExitCode.code(for: $0) } == 12)
        #expect(error("[buildpack]\nid = \"a\"")?.code == .unsupportedAPI)
    }

    @Test("A5: the keys are read, and unknown ones ignored")
    func keys() throws {
        let found = try manifest(
            """
            api = "0.9"
            unknown = 1
            [buildpack]
            id = "a/b"
            name = "A B"
            version = "1.2.3"
            homepage = "https://example.org"
            clear-env = true
            description = "what"
            keywords = ["x"]
            sbom-formats = ["application/vnd.cyclonedx+json; version=1.4", "application/spdx+json"]
            [[buildpack.licenses]]
            type = "MIT"
            [[targets]]
            os = "linux"
            arch = "arm64"
            [[targets.distros]]
            name = "debian"
            version = "12"
            [metadata]
            x = 1
            """)
        #expect(found.id == "a/b")
        #expect(found.name == "A B")
        #expect(found.homepage == "https://example.org")
        #expect(found.clearsEnvironment)
        #expect(found.billTypes == ["application/vnd.cyclonedx+json", "application/spdx+json"])
        #expect(found.targets.map(\.text) == ["linux/arm64 (debian 12)"])
        #expect(found.warnings.isEmpty)
    }

    @Test("A6: the variant of a processor is read under both of its keys", arguments: ["variant", "arch-variant"])
    func variant(key: String) throws {
        let found = try manifest(Self.head + "[[targets]]\nos = \"linux\"\narch = \"arm\"\n\(key) = \"v7\"")
        #expect(found.targets.map(\.variant) == ["v7"])
    }

    @Test(
        "A7: execution environments are read as a list and as tables",
        arguments: [
            "exec-env = [\"test\", \"x\"]",
            "[[buildpack.exec-env]]\nname = \"test\"\n[[buildpack.exec-env]]\nname = \"x\"",
        ])
    func executionEnvironments(text: String) throws {
        #expect(try manifest(Self.head + text).executionEnvironments == ["test", "x"])
    }

    @Test("A8: a composite has an order and needs no programs; it may not have stacks")
    func composite() throws {
        let order = """
            [[order]]
            [[order.group]]
            id = "x"
            version = "1"
            optional = true
            [[order.group]]
            id = "y"
            exec-env = ["test"]
            [[order]]
            """
        let found = try manifest(Self.head + order, hasBuild: false)
        #expect(
            found.order == [
                [
                    BuildpackReference(id: "x", version: "1", isOptional: true),
                    BuildpackReference(id: "y", executionEnvironments: ["test"]),
                ], [],
            ])
        #expect(found.targets.isEmpty)
        #expect(error(Self.head + order + "\n[[stacks]]\nid = \"*\"")?.code == .cannotPlan)
        #expect(error(Self.head + "[[order]]\n[[order.group]]\nversion = \"1\"")?.code == .cannotPlan)
    }

    @Test(
        "A9: ids and versions that the specification does not allow are told, not refused",
        arguments: [
            ("a_b", "1.0.0"), ("config", "1.0.0"), ("sbom", "1.0.0"), ("a", "v1"), ("a", "01.0.0"), ("a", "1.0"),
        ])
    func odd(id: String, version: String) throws {
        let found = try manifest("api = \"0.12\"\n[buildpack]\nid = \"\(id)\"\nversion = \"\(version)\"")
        #expect(found.warnings.count == 1)
    }

    @Test("A9: an id that would lead out of a folder is refused", arguments: ["", ".", ".."])
    func impossible(id: String) {
        #expect(error("api = \"0.12\"\n[buildpack]\nid = \"\(id)\"\nversion = \"1.0.0\"")?.code == .cannotPlan)
    }

    @Test(
        "A10, B0.10: without targets they follow from the stacks, else from bin/build",
        arguments: [
            ("0.10", "io.buildpacks.stacks.bionic", "linux/amd64 (ubuntu 18.04)"), ("0.9", "*", "any"),
            ("0.9", "io.buildpacks.stacks.bionic", "linux/amd64 (ubuntu 18.04)"),
            ("0.9", "io.buildpacks.stacks.bionic\"\n[[stacks]]\nid = \"other", "linux"), ("0.12", "other", "linux"),
            (
                "0.10", "io.buildpacks.stacks.bionic\"\n[[stacks]]\nid = \"other", "linux/amd64 (ubuntu 18.04)"
            ),
        ])
    func inferred(api: String, stack: String, expected: String) throws {
        let text = "api = \"\(api)\"\n[buildpack]\nid = \"a\"\nversion = \"1.0.0\"\n[[stacks]]\nid = \"\(stack)\""
        #expect(try manifest(text).targets.map(\.text) == [expected])
    }

    @Test("A13: keys count in any case; errors name the file and the place; a key twice is an error")
    func spelling() throws {
        #expect(try manifest("API = \"0.12\"\n[Buildpack]\nID = \"a\"\nVersion = \"1.0.0\"").id == "a")
        #expect(error(Self.head + "id = \"b\"")?.message.contains("buildpack.toml:5:") == true)
        #expect(error("api = 12\n[buildpack]\nid = \"a\"")?.message.contains("buildpack.toml:1:") == true)
        #expect(error("api = ")?.message.contains("buildpack.toml:1:") == true)
    }

    @Test("A folder without buildpack.toml is no buildpack")
    func missing() throws {
        try withTemporaryFolder { folder in
            let error = #expect(throws: Failure.self) { try BuildpackManifest(in: folder) }
            #expect(error?.message.hasSuffix("is not a buildpack: it has no buildpack.toml") == true)
        }
    }

    @Test(
        "D9: a target fits where every part is the same or left out",
        arguments: [
            ("os = \"linux\"", true), ("os = \"linux\"\narch = \"amd64\"", true), ("os = \"windows\"", false),
            ("arch = \"arm64\"", false), ("arch = \"amd64\"\nvariant = \"v3\"", true),
            ("[[targets.distros]]\nname = \"debian\"\nversion = \"12\"", true),
            ("[[targets.distros]]\nname = \"debian\"", true),
            ("[[targets.distros]]\nname = \"debian\"\nversion = \"11\"", false),
            ("[[targets.distros]]\nname = \"x\"\n[[targets.distros]]\nname = \"debian\"", true),
        ])
    func targets(text: String, expected: Bool) throws {
        let rule = try #require(try manifest(Self.head + "[[targets]]\n" + text).targets.first)
        let target = BuildTarget(architecture: "amd64", distributionName: "debian", distributionVersion: "12")
        #expect(rule.matches(target) == expected)
        // Where no distribution is known, none that is asked for fits.
        let fitsWithout = expected && rule.distributions.isEmpty
        #expect(rule.matches(BuildTarget(architecture: "amd64")) == fitsWithout)
    }
}
