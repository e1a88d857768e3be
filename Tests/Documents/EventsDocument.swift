import FoundationEssentials
import Lifecycle

/// The text of docs/events.md: the table of events with an example of each.
enum EventsDocument {
    static func text() throws -> String {
        opening + (try EventDescription.all.map(section).joined(separator: "\n")) + "\n" + layerSection
    }

    private static let opening = """
        # Events

        `mixpack build --ui=json` prints one event per line, and `--record FILE` writes the same lines after a
        header. Every event is one flat JSON object: `time` is the seconds since the build began, `event` its
        name, and the other fields are below. A build ends with exactly one of `build-finished`, `build-failed`
        and `build-cancelled`. Readers should ignore names and fields that they do not know. A field whose type
        has a `?` may be missing.

        The header of a recording is `{"mixpack-recording":1,"version":"…"}`; the number is the version of the format.

        This page is generated; `make docs` writes it.


        """

    private static func section(_ event: EventDescription) throws -> String {
        let example = try line(ExampleBuild.event(event.name))
        return "## `\(event.name.rawValue)`\n\n\(event.summary)\n\n" + table(event.fields)
            + "```json\n\(example)\n```\n"
    }

    private static let layerSection = "## A layer\n\n" + table(EventDescription.layerFields).dropLast()

    private static func table(_ fields: [EventDescription.Field]) -> String {
        guard !fields.isEmpty else { return "" }
        let rows = fields.map { "| `\($0.name)` | \($0.type) | \($0.text) |\n" }.joined()
        return "| field | type | what it says |\n| --- | --- | --- |\n" + rows + "\n"
    }

    static func line(_ event: LifecycleEvent) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(event), as: UTF8.self)
    }
}
