import FoundationEssentials
import Lifecycle

/// An event as one line of JSON.
struct EventLine: Sendable {
    /// The line, with its newline; keys are sorted and slashes stand as they are.
    static func bytes(of event: LifecycleEvent) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Only a time that is not a number could fail; such an event has nothing to say.
        guard let data = try? encoder.encode(event.roundedToMilliseconds) else { return [] }
        return Array(data) + [UInt8(ascii: "\n")]
    }
}
