import Reports
import Testing

@Suite struct AmountTests {
    @Test(
        "sizes are short",
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1049, "1.0 kB"), (1050, "1.1 kB"), (999_949, "999.9 kB"),
            (999_950, "1.0 MB"), (13_434_880, "13.4 MB"), (5_000_000_000, "5.0 GB"),
            (7_000_000_000_000_000, "7000.0 TB"),
        ])
    func bytes(_ count: Int, _ text: String) { #expect(Amount.bytes(Int64(count)) == text) }

    @Test(
        "times are short",
        arguments: [
            (0, "0.00 s"), (0.004, "0.00 s"), (0.35, "0.35 s"), (9.994, "9.99 s"), (9.996, "10.0 s"), (59.94, "59.9 s"),
            (59.96, "1 min 00 s"), (125, "2 min 05 s"), (3600, "60 min 00 s"), (-1, "0.00 s"),
        ])
    func seconds(_ seconds: Double, _ text: String) { #expect(Amount.seconds(seconds) == text) }

    @Test(
        "ids have a short name",
        arguments: [
            ("io.github.carlo-colombo.mix-release", "mix-release"), ("paketo/node", "node"), ("x", "x"), ("", ""),
            ("...", "..."),
        ])
    func short(_ id: String, _ name: String) { #expect(BuildpackName.short(id) == name) }
}
