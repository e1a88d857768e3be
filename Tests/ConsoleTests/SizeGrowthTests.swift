import TerminalTesting
import TerminalUI
import Testing

@testable import Console

@Suite("What made it bigger")
struct SizeGrowthTests {
    private static let growth = SizeGrowth(
        builds: [
            .init(age: "2 days ago", layers: [.init("base", 50_000), .init("deps", 10_000)]),
            .init(age: "just now", layers: [.init("base", 50_000), .init("deps", 14_000)]),
        ],
        first: ["/l/deps/lib/plug-1.15.0/ebin/plug.beam": 700, "/l/deps/lib/old-1.0.0/ebin/old.beam": 300],
        last: ["/l/deps/lib/plug-1.16.1/ebin/plug.beam": 900, "/l/deps/lib/bandit-1.5.7/priv/b": 4_000])

    @Test("an application in a new version is the same one, and so are its files")
    func compares() {
        #expect(Self.growth.applications.map { "\($0.name) \($0.growth)" } == ["bandit 4000", "old -300", "plug 200"])
        #expect(
            Self.growth.files.map(\.name) == [
                "/l/deps/lib/bandit/priv/b", "/l/deps/lib/old/ebin/old.beam", "/l/deps/lib/plug/ebin/plug.beam",
            ])
        #expect(SizeGrowth.application(of: "/usr/lib/libc.so") == nil)
        #expect(SizeGrowth.withoutVersion("/usr/lib/libc.so") == "/usr/lib/libc.so")
    }

    @Test("the chart has the builds with what grew most, and the layers")
    func chart() {
        let lines = GrowthRows(Self.growth, width: 60).lines.map(\.text)
        #expect(lines.contains { $0.hasPrefix("just now") && $0.hasSuffix("64.0 kB +4.0 kB deps") })
        #expect(lines.contains { $0.hasPrefix("deps ▁█") && $0.hasSuffix("+4.0 kB") })
        #expect(lines.contains { $0.hasPrefix("base ▄▄") && $0.hasSuffix(" =") })
        #expect(lines.allSatisfy { $0.columns <= 60 })
    }

    @Test("one build has nothing to be compared with")
    func alone() {
        let growth = SizeGrowth(builds: [Self.growth.builds[0]], first: [:], last: [:])
        #expect(GrowthRows(growth, width: 60).lines.map(\.text).contains("one build so far"))
        let none = SizeGrowth(builds: [], first: [:], last: [:])
        #expect(GrowthRows(none, width: 60).lines.first?.text.hasPrefix("no build of this image") == true)
    }
}
