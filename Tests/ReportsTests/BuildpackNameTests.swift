import Reports
import Testing

@Suite struct BuildpackNameTests {
    @Test(
        "ids have a short name",
        arguments: [
            ("io.github.carlo-colombo.mix-release", "mix-release"), ("paketo/node", "node"), ("x", "x"), ("", ""),
            ("...", "..."),
        ])
    func short(_ id: String, _ name: String) { #expect(BuildpackName.short(id) == name) }
}
