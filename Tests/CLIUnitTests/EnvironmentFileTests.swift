import Diagnostics
import Lifecycle
import TestSupport
import Testing

@testable import CLI

@Suite("Files and flags of NAME=VALUE")
struct EnvironmentFileTests {
    private func variables(_ text: String, _ environment: [String: String] = [:]) throws -> [PlatformVariable] {
        try withTemporaryFolder { folder in
            let file = folder.appending("x.env")
            try file.write(text)
            return try EnvironmentFile.variables(in: file, environment)
        }
    }

    @Test("lines are read in their order, as docker reads them: nothing is trimmed or unquoted behind the name")
    func lines() throws {
        let found = try variables("A=1\n\n# B=2\n  # C=3\n\t D= \"x\" \nE=a=b\nA=2\nF=\n")
        #expect(found.map(\.name) == ["A", "D", "E", "A", "F"])
        #expect(found.map(\.value) == ["1", " \"x\" ", "a=b", "2", ""])
    }

    @Test("a name alone takes its value from the environment, and a name with an equals sign does not")
    func fromEnvironment() throws {
        let found = try variables("A\nB=\n", ["A": "from here", "B": "not this"])
        #expect(found.map(\.value) == ["from here", ""])
    }

    @Test("lines may end as in files of Windows")
    func carriageReturns() throws {
        let found = try variables("A=1\r\n\r\nB=2\r\n")
        #expect(found.map { "\($0.name)=\($0.value)" } == ["A=1", "B=2"])
    }

    @Test("names decide what is a secret")
    func secrets() throws {
        #expect(try variables("API_TOKEN=x\nPORT=1\n").map(\.isSecret) == [true, false])
    }

    @Test(
        "a line that is wrong is named by its number, and not repeated: it may be the rest of a secret",
        arguments: ["=hunter2", "hunter2 x=1", "a/hunter2=1", "hunter2"])
    func wrongLine(line: String) throws {
        let error = try #require(throws: Failure.self) { try variables("A=1\n\(line)\n") }
        #expect(error.code == .usage)
        #expect(error.description.contains("x.env:2: "))
        #expect(!error.description.contains("hunter2"))
    }

    @Test("a flag that is wrong is named, without what stands behind it", arguments: ["=hunter2", "a b=hunter2"])
    func wrongFlag(text: String) throws {
        let error = try #require(throws: Failure.self) {
            try EnvironmentFile.variable(text, [:], option: "--env")
        }
        #expect(error.code == .usage)
        #expect(error.description.hasPrefix("--env: not NAME=VALUE"))
        #expect(!error.description.contains("hunter2"))
    }

    @Test("a flag with a name that is not set here names it")
    func unset() throws {
        let error = try #require(throws: Failure.self) {
            try EnvironmentFile.variable("NAME", ["OTHER": "1"], option: "--env")
        }
        #expect(error.description.hasPrefix("--env NAME: this variable is not set in your environment"))
    }

    @Test("a file that cannot be read is named")
    func missing() throws {
        let error = try #require(throws: Failure.self) { try EnvironmentFile.variables(in: "/nowhere.env", [:]) }
        #expect(error.description.hasPrefix("--env-file /nowhere.env: "))
    }
}
