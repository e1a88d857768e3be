import Lifecycle
import OCIImage

/// The events of a build that writes a long log.
struct SampleLog {
    /// How many lines there are in one event: 64 KB of them, as the command runner hands them over.
    static let linesAnEvent = 800

    let events: [LifecycleEvent]
    let lines: Int
    let bytes: Int

    /// Creates a log of whole events, spread evenly over some seconds.
    init(lines wanted: Int, over seconds: Double) throws {
        let count = max(1, wanted / Self.linesAnEvent)
        // A few different texts: the console keeps copies of its own.
        let chunks = (0..<16).map(Self.chunk)
        let start = LifecycleEvent(
            at: 0, .started(BuildStart(image: "shop:latest", project: "/home/ann/shop", version: "0.1.0", logFile: nil))
        )
        let phase = LifecycleEvent(at: 0, .phaseStarted(.build))
        let output = (0..<count).map { number in
            LifecycleEvent(
                at: seconds * Double(number) / Double(count), .output(Output(text: chunks[number % chunks.count])))
        }
        events = [start, phase] + output + [LifecycleEvent(at: seconds, .finished(try Self.report()))]
        lines = count * Self.linesAnEvent
        bytes = (0..<count).reduce(0) { $0 + chunks[$1 % chunks.count].utf8.count }
    }

    private static func chunk(_ number: Int) -> String {
        (0..<linesAnEvent).map { line in
            "Compiling lib/shop/catalogue/part_\(number)_\(line).ex (it's taking more than the usual time)\n"
        }.joined()
    }

    private static func report() throws -> BuildReport {
        let digest = try Digest(hex: String(repeating: "a", count: 64))
        return BuildReport(
            image: "shop:latest", manifestDigest: digest, imageID: digest, places: [], layers: [], phases: [],
            seconds: 1, isUnchanged: false, runCommand: "docker run -it --rm shop", requiredVariables: [])
    }
}
