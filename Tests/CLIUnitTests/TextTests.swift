import LayerArchive
import TestSupport
import Testing

@testable import CLI
@testable import OCIImage

@Suite("Texts of the commands")
struct TextTests {
    @Test("a comparison has a line for each file, folders left out, and counts them at the end")
    func comparison() throws {
        var builder = FileTreeBuilder()
        builder.beginLayer(0)
        let owner = Owner(user: 0, group: 0)
        builder.add(TarEntry(path: "b", kind: .file(size: 20_000), mode: 0o644, owner: owner))
        builder.add(TarEntry(path: "a", kind: .file(size: 1), mode: 0o644, owner: owner))
        let comparison = ImageComparison(fromSizes: ["/b": 19_000, "/gone": 5], to: builder.tree(.merged))
        let text = ComparisonText(comparison)
        let lines = text.text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(
            lines == [
                "A 1 B +1 B /a", "M 20.0 kB +1.0 kB /b", "D 5 B -5 B /gone",
                "3 files differ: 1 added +1 B, 1 modified +1.0 kB, 1 deleted -5 B",
            ])
        #expect(try text.json().contains(#""growth" : 1000"#) || text.json().contains(#""growth":1000"#))
    }

    @Suite("What was given on the command line")
    struct MaskTests {
        @Test(
            "is hidden wherever a text repeats it behind an equals sign",
            arguments: [
                (["-e", "A=hunter2"], "cannot use A=hunter2 here", "cannot use A=… here"),
                (["--secret=hunter2"], "see --secret=hunter2", "see --secret=…"),
                (["--secret=NAME=hunter2"], "NAME=hunter2 is wrong", "NAME=… is wrong"),
                (["--env=A=x"], "unexpected value, but 'A=x' was given", "unexpected value, but '…' was given"),
                // A longer value is hidden whole, and not only the shorter one in it.
                (["A=hunt", "B=hunter2"], "x=hunter2", "x=…"),
                // The program may have cut or changed it: behind its own name it goes all the same.
                (["A=hunter2"], "A=hunt and 'A=HUNTER2'", "A=… and 'A=…'"),
                // Nothing of a longer name, nor a value that was never given, is hidden.
                (["A=hunter2"], "BA=other B=1", "BA=other B=1"), (["A="], "A= is empty", "A= is empty"),
                (["plain"], "plain A=1", "plain A=1"),
            ])
        func masked(words: [String], text: String, expected: String) {
            #expect(CommandLineMask(words).masked(text) == expected)
        }
    }
}
