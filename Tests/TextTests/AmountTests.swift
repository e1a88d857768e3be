import Testing
import Text

struct AmountTests {
    @Test(
        "sizes have at most seven characters",
        arguments: [
            (0, "0 B"), (640, "640 B"), (999, "999 B"), (1000, "1.0 kB"), (1049, "1.0 kB"), (1051, "1.1 kB"),
            (9_960, "10.0 kB"), (34_500_000, "34.5 MB"), (99_949_000, "99.9 MB"), (99_951_000, "100 MB"),
            (118_400_000, "118 MB"), (999_499, "999 kB"), (999_600, "1.0 MB"), (5_000_000_000, "5.0 GB"),
            (7_000_000_000_000_000, "7000 TB"), (-1500, "-1.5 kB"), (Int64.min, "-9223372 TB"),
        ] as [(Int64, String)])
    func bytes(count: Int64, text: String) { #expect(Amount.bytes(count) == text) }

    @Test("a difference has its sign", arguments: [(0, "+0 B"), (2_100_000, "+2.1 MB"), (-1500, "-1.5 kB")])
    func difference(bytes: Int, text: String) { #expect(Amount.difference(Int64(bytes)) == text) }

    @Test(
        "times in a sentence",
        arguments: [
            (0, "0.00 s"), (0.004, "0.00 s"), (0.35, "0.35 s"), (9.994, "9.99 s"), (9.996, "10.0 s"), (59.94, "59.9 s"),
            (59.96, "1 min 00 s"), (125, "2 min 05 s"), (3600, "60 min 00 s"), (-1, "0.00 s"),
        ])
    func seconds(_ seconds: Double, _ text: String) { #expect(Amount.seconds(seconds) == text) }

    @Test(
        "times in a narrow column",
        arguments: [
            (0.004, "4ms"), (0.42, "0.4s"), (8.1, "8.1s"), (42, "42s"), (62, "1m 02s"), (3900, "1h 05m"), (9.96, "10s"),
        ])
    func shortSeconds(seconds: Double, text: String) { #expect(Amount.shortSeconds(seconds) == text) }

    @Test("the clock runs", arguments: [(0.0, "00:00"), (42.9, "00:42"), (3723, "1:02:03"), (-1, "00:00")])
    func clock(seconds: Double, text: String) { #expect(Amount.clock(seconds) == text) }

    @Test(
        "how long ago something was goes by whole minutes, hours and days",
        arguments: [
            (0, "just now"), (59.9, "just now"), (60, "1 min ago"), (3599, "59 min ago"), (3600, "1 h ago"),
            (86_399, "23 h ago"), (86_400, "1 day ago"), (172_799, "1 day ago"), (172_800, "2 days ago"),
        ])
    func age(seconds: Double, expected: String) { #expect(Amount.age(seconds: seconds) == expected) }

    @Test("big numbers are grouped, counts have their noun")
    func numbers() {
        #expect([7, 1234, -1_234_567].map(Amount.grouped) == ["7", "1 234", "-1 234 567"])
        #expect([0, 1, 2].map { Amount.count($0, "file") } == ["0 files", "1 file", "2 files"])
        #expect(Amount.decimal(.infinity, digits: 1) == "?")
        #expect(Amount.decimal(-0.04, digits: 1) == "0.0")
    }
}
