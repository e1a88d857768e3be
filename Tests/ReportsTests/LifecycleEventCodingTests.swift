import FoundationEssentials
import Lifecycle
import Testing

@testable import Documents

@Suite struct LifecycleEventCodingTests {
    @Test("an event is the same after JSON", arguments: LifecycleEvent.Name.allCases)
    func roundTrip(_ name: LifecycleEvent.Name) throws {
        let event = try ExampleBuild.event(name)
        let data = try JSONEncoder().encode(event)
        #expect(try JSONDecoder().decode(LifecycleEvent.self, from: data) == event)
        #expect(event.name == name)
    }

    @Test("an event is one flat object")
    func flat() throws {
        let line = try EventsDocument.line(LifecycleEvent(at: 1.25, .phaseStarted(.detect)))
        #expect(line == #"{"event":"phase-started","phase":"detect","time":1.25}"#)
    }

    @Test(
        "what is no event is refused",
        arguments: [
            "{}", #"{"time":1}"#, #"{"time":1,"event":"no-such-event"}"#, #"{"time":1,"event":"phase-started"}"#,
            #"{"time":1,"event":"phase-started","phase":"lunch"}"#, #"{"time":"x","event":"build-cancelled"}"#,
            #"{"time":1,"event":"layer","change":"created","layer":{"name":"a","types":["lunch"],"size":1}}"#, "[]",
            "1",
        ])
    func refused(_ text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(LifecycleEvent.self, from: Data(text.utf8))
        }
    }
}
