import TestSupport
import Testing

@testable import MixInspection

@Suite("mix.lock")
struct LockFileTests {
    @Test("every package of a Phoenix lock file is read")
    func phoenix() throws {
        let lock = LockFile(try fixture("phoenix_1_7").appending("mix.lock").readBytes())
        #expect(lock.entries.count == 33)
        #expect(lock["phoenix"]?.version == "1.7.12")
        #expect(lock["phoenix"]?.source == .hex)
        #expect(lock["phoenix"]?.repository == "hexpm")
        #expect(lock["telemetry_poller"]?.version == "1.1.0")
        let heroicons = lock["heroicons"]
        #expect(heroicons?.source == .git)
        #expect(heroicons?.url == "https://github.com/tailwindlabs/heroicons.git")
        #expect(heroicons?.version == "88ab3a0d790e6a47404cba02800a6b25d2afae50")
    }

    @Test("a private organisation is named, an old or broken entry is no harm")
    func oddities() {
        let text = """
            %{
              "ours": {:hex, :ours, "0.1.0", "aa", [:mix], [], "hexpm:acme", "bb"},
              "old": {:hex, :old, "1.0.0", "cc", [:mix], []},
              "odd": {:path},
              "half": {:hex, :half, "2.0
            """
        let lock = LockFile(Array(text.utf8))
        #expect(lock["ours"]?.repository == "hexpm:acme")
        #expect(lock["old"]?.version == "1.0.0")
        #expect(lock["old"]?.repository == nil)
        #expect(lock["odd"] == nil)
    }

    @Test("it takes time in proportion to the file")
    func linear() {
        let times = growth(from: 300) { count in
            let entries = (0..<count).map {
                "  \"p\($0)\": {:hex, :p\($0), \"1.0.0\", \"aa\", [:mix], [], \"hexpm\", \"bb\"},\n"
            }
            let lock = LockFile(Array(("%{\n" + entries.joined() + "}\n").utf8))
            #expect(lock.entries.count == count)
            #expect(lock["p\(count - 1)"]?.version == "1.0.0")
        }
        #expect(times < 30)
    }
}
