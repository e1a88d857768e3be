import BuildpackAPI
import OCIImage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("Variables that are fields of a request")
struct BuildVariableTests {
    private static func request(_ given: [String]) throws -> BuildRequest {
        var request = BuildRequest(image: try Reference("app"), project: "/x")
        request.give(
            given.map { $0.split(separator: "=", omittingEmptySubsequences: false).map(String.init) }
                .map { PlatformVariable(name: $0[0], value: $0[1]) })
        return request
    }

    @Test("They go into their fields, the last of a name; the others stay variables")
    func fields() throws {
        let request = try Self.request(["RELEASE=a", "A=1", "BP_DISTRIBUTION=none", "DEBUG=yes", "RELEASE=b"])
        #expect(request.release == "b")
        #expect(request.distribution == "none")
        #expect(request.debug == "yes")
        #expect(request.variables.map(\.name) == ["A"])
    }

    @Test("Buildpacks get every field as its variable, an empty one too, and none that nobody gave")
    func platform() throws {
        #expect(try Self.request(["A=1"]).variableValues == ["A": "1"])
        let request = try Self.request(["A=1", "RELEASE=", "DEBUG=yes", "BP_DISTRIBUTION=none"])
        #expect(request.variableValues == ["A": "1", "RELEASE": "", "DEBUG": "yes", "BP_DISTRIBUTION": "none"])
        #expect(request.secretNames.isEmpty)
    }

    @Test("DEBUG shows every command, unless it is empty", arguments: [("0", true), ("1", true), ("", false)])
    func debugging(value: String, isDebugging: Bool) throws {
        #expect(try Self.request(["DEBUG=\(value)"]).isDebugging == isDebugging)
        #expect(try !Self.request([]).isDebugging)
    }

    @Test("What the user calls a secret stays a variable, and is masked")
    func secret() throws {
        var request = try Self.request([])
        request.give([PlatformVariable(name: "RELEASE", value: "hush-hush", isSecret: true)])
        #expect(request.release == nil)
        #expect(request.variableValues["RELEASE"] == "hush-hush")
        #expect(request.secrets == ["RELEASE": "hush-hush"])
    }

    @Test("project.toml fills the fields that the user left open; an empty one is not open", arguments: [nil, "", "b"])
    func projectFile(release: String?) throws {
        try withTemporaryFolder { folder in
            try folder.appending("project.toml").write(
                """
                [_]
                schema-version = "0.2"
                [[io.buildpacks.build.env]]
                name = "RELEASE"
                value = "file"
                [[io.buildpacks.build.env]]
                name = "BP_DISTRIBUTION"
                value = "cluster"
                """)
            var request = try Self.request([])
            request.release = release
            try #require(try ProjectDescriptor(in: folder)).fill(&request)
            #expect(request.release == release ?? "file")
            #expect(request.distribution == "cluster")
            #expect(request.variables.isEmpty)
        }
    }
}
