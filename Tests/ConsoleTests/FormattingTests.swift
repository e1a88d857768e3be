import Testing

@testable import Console

@Suite struct FormattingTests {
    @Test(
        "sizes are short and in decimal units",
        arguments: [
            (0, "0 B"), (640, "640 B"), (999, "999 B"), (1000, "1.0 kB"), (2_100_000, "2.1 MB"),
            (118_400_000, "118 MB"),
            (999_600, "1.0 MB"), (9_960, "10 kB"), (-1500, "-1.5 kB"),
        ] as [(Int64, String)])
    func sizes(bytes: Int64, text: String) { #expect(ByteCount.text(bytes) == text) }

    @Test(
        "durations say what matters",
        arguments: [
            (0.004, "4ms"), (0.42, "0.4s"), (8.1, "8.1s"), (42, "42s"), (62, "1m 02s"), (3900, "1h 05m"), (9.96, "10s"),
        ])
    func durations(seconds: Double, text: String) { #expect(Seconds.text(seconds) == text) }

    @Test("the clock runs", arguments: [(0.0, "00:00"), (42.9, "00:42"), (3723, "1:02:03"), (-1, "00:00")])
    func clock(seconds: Double, text: String) { #expect(Seconds.clock(seconds) == text) }

    @Test("big numbers are grouped", arguments: [(7, "7"), (1234, "1 234"), (-1_234_567, "-1 234 567")])
    func grouped(value: Int, text: String) { #expect(Decimals.grouped(value) == text) }
}
