import BuildpackAPI
import Testing

@testable import Lifecycle

@Suite("Environment rules")
struct EnvironmentRuleTests {
    @Test(
        "C7: append, prepend, default and override",
        arguments: [
            (["VAR": "a"], EnvironmentRule("VAR", "b", action: .append, delimiter: "[]"), "a[]b"),
            ([:], EnvironmentRule("VAR", "b", action: .append, delimiter: "[]"), "b"),
            (["VAR": "a"], EnvironmentRule("VAR", "b", action: .prepend, delimiter: "[]"), "b[]a"),
            (["VAR": "a"], EnvironmentRule("VAR", "b", action: .override, delimiter: "[]"), "b"),
            (["VAR": "a"], EnvironmentRule("VAR", "b", action: .default), "a"),
            (["VAR": ""], EnvironmentRule("VAR", "b", action: .default), "b"),
        ])
    func rule(before: [String: String], rule: EnvironmentRule, after: String) {
        var environment = before
        environment.apply(rule)
        #expect(environment["VAR"] == after)
    }

    @Test("C1: only the listed variables reach a build")
    func scrubbed() {
        let environment = [
            "PATH": "/bin", "USER": "me", "AWS_SECRET": "x", "HEX_MIRROR": "m", "CNB_PLATFORM_API": "0.12",
        ]
        #expect(MachineEnvironment.scrubbed(environment) == ["PATH": "/bin", "HEX_MIRROR": "m"])
    }

    @Test("C1: what leads to the network reaches every build, paths and a developer's settings the built-in ones")
    func passed() {
        let specified = [
            "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "HOME",
        ]
        let developer = [
            "PATH", "LD_LIBRARY_PATH", "LIBRARY_PATH", "CPATH", "PKG_CONFIG_PATH",
            "MIX_HOME", "MIX_ARCHIVES", "MIX_REBAR3", "HEX_HOME", "SSH_AUTH_SOCK", "CARGO_HOME",
        ]
        let all = Dictionary(uniqueKeysWithValues: (specified + developer + ["GITHUB_TOKEN"]).map { ($0, "x") })
        #expect(MachineEnvironment.specified(all).keys.sorted() == specified.sorted())
        #expect(MachineEnvironment.scrubbed(all).keys.sorted() == (specified + developer).sorted())
    }
}
