import Diagnostics
import RunImages
import TestSupport
import Testing

@testable import ForeignPackages

@Suite("Versions of packages")
struct VersionTests {
    static let arm64 = DebianArchitecture.all.first { $0.name == "arm64" }

    @Test("They are in dpkg's order, as dpkg itself says")
    func order() async throws {
        let versions = [
            "1.0~rc1", "1.0~~", "1.0", "1.00", "1.0-1", "1.0-1+b2", "1.0-1+deb12u1", "1.0+dfsg-1", "1.0a", "1.0.1",
            "1.10",
            "1:0.1", "1:25.2.3+dfsg-1+deb12u4", "3.0.19-1~deb12u2", "3.0.22-1~deb12u2", "2.36-9+deb12u14", "0",
            "1.0-a~1",
        ]
        let pairs = versions.indices.flatMap { one in versions.indices.map { (versions[one], versions[$0]) } }
        let dpkg = try findTool("dpkg")
        let script =
            "while read -r a b; do \(dpkg) --compare-versions \"$a\" lt \"$b\" && echo lt || echo ge; done <<'E'\n"
            + pairs.map { "\($0.0) \($0.1)\n" }.joined() + "E"
        let lines = try await run("/bin/sh", ["-c", script]).succeeded().lines
        #expect(lines.count == pairs.count)
        for (pair, line) in zip(pairs, lines) {
            #expect((PackageVersion(pair.0) < PackageVersion(pair.1)) == (line == "lt"), "\(pair)")
        }
    }

    @Test("A source's version is the package's without its rebuilds, or the one that the package names")
    func sources() {
        func source(_ version: String, _ source: String? = nil) -> String {
            PackageRecord.sourceVersion(source, of: PackageVersion(version)).description
        }
        #expect(source("3.4-1+b6") == "3.4-1")
        #expect(source("3.4-1+b6", "libselinux") == "3.4-1")
        #expect(source("1.0+b", nil) == "1.0+b" && source("1.0+beta1") == "1.0+beta1")
        #expect(source("4:12.2.0-3", "gcc-defaults (1.203)") == "1.203")
    }

    private func installed(_ name: String, _ version: String) -> InstalledPackages.Package {
        let version = PackageVersion(version)
        return .init(name: name, version: version, sourceVersion: version.withoutRebuilds, architecture: "amd64")
    }

    private func record(_ name: String, _ version: String) throws -> PackageRecord {
        try #require(
            PackageRecord(paragraph: "Package: \(name)\nVersion: \(version)\nArchitecture: arm64\nSize: 5"))
    }

    @Test("Erlang's packages must be the same; another build of the same source is")
    func erlang() throws {
        let arm64 = try #require(Self.arm64)
        let here = installed("erlang-base", "1:25.2.3-1+b1")
        let records = try ["1:25.2.3-1", "1:25.2.3-1+b3", "1:25.2.3-2"].map { try record("erlang-base", $0) }
        let chosen = try VersionRule.of("erlang-base").choose(for: here, from: records, arm64)
        #expect(chosen.version.description == "1:25.2.3-1+b3")
        let refusal = #expect(throws: Failure.self) {
            try VersionRule.of("erlang-base").choose(for: here, from: [try record("erlang-base", "1:25.2.3-2")], arm64)
        }
        #expect(refusal?.code == .versionConflict && refusal?.advice == "apt upgrade erlang-base")
        #expect(refusal?.message.contains("1:25.2.3-2 for arm64, this machine has 1:25.2.3-1+b1") == true)
        let older = #expect(throws: Failure.self) {
            try VersionRule.of("erlang-base").choose(for: here, from: [try record("erlang-base", "1:24-1")], arm64)
        }
        #expect(older?.advice == "use a mirror that has erlang-base 1:25.2.3-1+b1")
    }

    @Test("Libraries may be newer, and the same is preferred; an older one is refused")
    func libraries() throws {
        let arm64 = try #require(Self.arm64)
        let here = installed("libssl3", "3.0.19-1~deb12u2")
        let rule = VersionRule.of("libssl3")
        let (same, newer) = (try record("libssl3", "3.0.19-1~deb12u2"), try record("libssl3", "3.0.22-1~deb12u2"))
        #expect(try rule.choose(for: here, from: [newer, same], arm64) == same)
        #expect(try rule.choose(for: here, from: [newer], arm64) == newer)
        let older = #expect(throws: Failure.self) {
            try rule.choose(for: here, from: [try record("libssl3", "3.0.2-1")], arm64)
        }
        #expect(older?.code == .versionConflict && older?.message.contains("3.0.2-1") == true)
        let none = #expect(throws: Failure.self) { try rule.choose(for: here, from: [], arm64) }
        #expect(none?.code == .notFound)
        let skews = [VersionSkew(package: "libssl3", here: "3.0.19", there: "3.0.22")]
        #expect(
            VersionSkew.notice(skews, arm64) == "newer for arm64 than on this machine: libssl3 3.0.22 (here 3.0.19)")
    }
}
