import MixInspection
import Testing

@Suite("Where mix.lock's packages come from")
struct LockedPackageTests {
    @Test("a package of Hex has the checksum of its archive, a git dependency its commit")
    func origins() {
        let (inner, outer) = (String(repeating: "1", count: 64), String(repeating: "2F", count: 32))
        let text = """
            %{
              "json": {:hex, :jason, "1.4.1", "\(inner)", [:mix], [{:decimal, "~> 1.0"}], "hexpm", "\(outer)"},
              "ours": {:hex, :ours, "0.1.0", "\(inner)", [:mix], [], "hexpm:acme", "\(outer)"},
              "old": {:hex, :old, "1.0.0", "\(inner)", [:mix], []},
              "odd": {:hex, :odd, "1.0.0", "\(inner)", [:mix], [], "hexpm", "what?"},
              "fast": {:git, "https://git.example/fast.git", "4ab7", [branch: "main"]},
              "path": {:path}
            }
            """
        let packages = LockedPackage.all(in: Array(text.utf8)).mapValues(\.origin)
        #expect(
            packages == [
                "json": .hex(package: "jason", version: "1.4.1", repository: "hexpm", checksum: outer.lowercased()),
                "ours": .hex(package: "ours", version: "0.1.0", repository: "hexpm:acme", checksum: outer.lowercased()),
                "old": .hex(package: "old", version: "1.0.0", repository: nil, checksum: nil),
                "odd": .hex(package: "odd", version: "1.0.0", repository: "hexpm", checksum: nil),
                "fast": .git(url: "https://git.example/fast.git", commit: "4ab7"),
            ])
    }
}
