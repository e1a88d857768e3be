import FoundationEssentials
import Lifecycle
import Testing

@testable import Documents

@Suite struct EventsDocumentTests {
    @Test("the table names each field that an event has, and no other", arguments: LifecycleEvent.Name.allCases)
    func fields(of name: LifecycleEvent.Name) throws {
        let keys = try Self.keys(of: try ExampleBuild.event(name))
        let described = EventDescription(name).fields
        let missing = keys.subtracting(described.map(\.name)).subtracting(["time", "event"])
        let absent = Set(described.filter { !$0.isOptional }.map(\.name)).subtracting(keys)
        #expect(missing.isEmpty)
        #expect(absent.isEmpty)
    }

    @Test("the table names each field that a layer has")
    func layerFields() throws {
        var layer = try ExampleBuild.release()
        layer.directory = "/tmp/layers"
        let keys = try Self.keys(of: layer)
        #expect(keys == Set(EventDescription.layerFields.map(\.name)))
    }

    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Decodes any object and keeps its keys.
    private struct Keys: Decodable {
        var names: Set<String>
        init(from decoder: any Decoder) throws {
            names = Set(try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue))
        }
    }

    private static func keys(of value: some Encodable) throws -> Set<String> {
        try JSONDecoder().decode(Keys.self, from: try JSONEncoder().encode(value)).names
    }
}
