import Diagnostics
import Lifecycle
import Synchronization
import SystemPackage
import TerminalUI

@testable import Console
@testable import OCIImage

/// Scripted clients: what they give is set up before, what they were asked for can be looked at after.
final class World: Sendable {
    struct Record {
        var requests: [BuildRequest] = []
        var saved: [Choices] = []
        var commands: [InteractiveCommand] = []
        var containers: [ContainerRequest] = []
        var copied: [String] = []
        var texts: [String: String] = [:]
        var cancels = 0
        var kills = 0
        var time = 100.0
        var stream: AsyncStream<LifecycleEvent>.Continuation?
    }

    let record = Mutex(Record())
    let scripts: Mutex<[[LifecycleEvent]]>

    /// Each build gives the next script's events; one that does not end stays at work until it is fed or cancelled.
    init(builds: [[LifecycleEvent]] = []) { scripts = Mutex(builds) }

    func look<Value: Sendable>(_ body: (Record) -> Value) -> Value { record.withLock { body($0) } }

    /// Makes an event of the running build happen.
    func feed(_ events: LifecycleEvent...) {
        let stream = record.withLock { $0.stream }
        for event in events { stream?.yield(event) }
        if events.last?.isTerminal == true { stream?.finish() }
    }

    func clients(_ inspection: ProjectInspection = Fixtures.inspection(), choices: Choices? = nil)
        -> ConsoleClients
    {
        var clients = ConsoleClients()
        clients.project.inspect = { _, _ in
            AsyncStream {
                $0.yield(inspection); $0.finish()
            }
        }
        clients.app.loadChoices = { _ in choices }
        clients.app.saveChoices = { _, choices in self.record.withLock { $0.saved.append(choices) } }
        clients.secrets.generate = { SecretValue(String(repeating: "s", count: $0)) }
        clients.build.start = { self.build($0) }
        clients.image.open = { _ in Fixtures.image() }
        clients.image.files = { _, source, isMerged in
            guard case .image(let index) = source else {
                throw Failure(.refused, "the folder is gone", advice: "build again")
            }
            return Trees.tree(index, isMerged: isMerged)
        }
        clients.image.content = { location, _ in
            location.path.hasSuffix(".beam")
                ? [0x46, 0x4F, 0x52, 0x31, 0] : Array("# \(location.path)\n\tone\ntwo\n".utf8)
        }
        clients.image.extract = { location, path in
            self.record.withLock { $0.texts[path.string] = location.path }
            return path
        }
        clients.image.duplicates = { _ in
            [
                DuplicateContent(
                    size: 40_000,
                    copies: [
                        .init(layer: 1, path: "/layers/base/a.beam"), .init(layer: 3, path: "/layers/release/a.beam"),
                    ])
            ]
        }
        clients.image.sizes = { _, _ in await Trees.sizes() }
        clients.image.measure = { _ in Trees.measure }
        clients.image.report = { "{\"image\": \"\($0)\"}\n" }
        clients.run.start = { request in
            self.record.withLock { $0.containers.append(request) }
            return Fixtures.container(of: request)
        }
        clients.run.now = { self.record.withLock { $0.time } }
        clients.containers.runCommand = { image, ports, variables in
            ["docker", "run", "-it", "--rm"] + ports.flatMap { ["-p", "\($0):\($0)"] }
                + variables.flatMap { ["-e", $0] } + [image]
        }
        clients.app.runOnTerminal = { command in
            self.record.withLock { $0.commands.append(command) }
            return 0
        }
        clients.app.copy = { text in
            self.record.withLock { $0.copied.append(text) }
            return ClipboardReceipt(way: "wl-copy", bytes: text.utf8.count)
        }
        clients.app.savingFolder = { "/state/saved" }
        clients.app.saveText = { path, text in
            self.record.withLock { $0.texts[path.string] = text }
            return path
        }
        clients.build.source = { _, place, _ in SourceExcerpt(of: Fixtures.source, around: place.line) }
        clients.build.clock = { self.record.withLock { $0.time } }
        return clients
    }

    private func build(_ request: BuildRequest) -> BuildHandle {
        let script = scripts.withLock { $0.isEmpty ? [] : $0.removeFirst() }
        let (stream, continuation) = AsyncStream.makeStream(of: LifecycleEvent.self)
        record.withLock {
            $0.requests.append(request)
            $0.stream = continuation
        }
        for event in script { continuation.yield(event) }
        if script.last?.isTerminal == true { continuation.finish() }
        let cancel: @Sendable () -> Void = {
            self.record.withLock { $0.cancels += 1 }
            continuation.yield(LifecycleEvent(at: 4, .cancelled))
            continuation.finish()
        }
        return BuildHandle(events: stream, cancel: cancel) { self.record.withLock { $0.kills += 1 } }
    }
}

extension ConsoleState {
    /// Has the console receive a message, without a world; returns what is to happen in it.
    @discardableResult
    mutating func receive(_ message: ConsoleMessage) -> Effect<ConsoleMessage> {
        ConsoleUpdate(ConsoleClients()).update(&self, message)
    }
}

extension ConsoleSettings {
    /// The default settings with a change.
    static func with(_ change: (inout ConsoleSettings) -> Void) -> ConsoleSettings {
        var settings = ConsoleSettings()
        change(&settings)
        return settings
    }
}
