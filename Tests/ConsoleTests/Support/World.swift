import Lifecycle
import Synchronization
import SystemPackage

@testable import Console

/// A scripted environment: what it gives is set up before, what it was asked for can be looked at after.
final class World: Sendable {
    struct Record {
        var requests: [BuildRequest] = []
        var saved: [Choices] = []
        var commands: [InteractiveCommand] = []
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

    func environment(_ inspection: ProjectInspection = Fixtures.inspection(), choices: Choices? = nil)
        -> ConsoleEnvironment
    {
        var environment = ConsoleEnvironment()
        environment.inspect = { _ in
            AsyncStream {
                $0.yield(inspection); $0.finish()
            }
        }
        environment.loadChoices = { _ in choices }
        environment.saveChoices = { _, choices in self.record.withLock { $0.saved.append(choices) } }
        environment.generateSecret = { SecretValue(String(repeating: "s", count: $0)) }
        environment.build = { self.build($0) }
        environment.openImage = { _ in Fixtures.image() }
        environment.files = { _, source, isMerged in
            guard case .image(let index) = source else {
                throw ConsoleFailure("the folder is gone", advice: "build again")
            }
            return Trees.tree(index, isMerged: isMerged)
        }
        environment.content = { location, _ in
            location.path.hasSuffix(".beam")
                ? [0x46, 0x4F, 0x52, 0x31, 0] : Array("# \(location.path)\n\tone\ntwo\n".utf8)
        }
        environment.extract = { location in
            FilePath("/home/ann/shop").appending(FilePath(location.path).lastComponent.map { [$0] } ?? [])
        }
        environment.efficiency = { _ in Trees.efficiency }
        environment.imageReport = { "{\"image\": \"\($0)\"}\n" }
        environment.runCommand = { image, ports, variables in
            ["docker", "run", "-it", "--rm"] + ports.flatMap { ["-p", "\($0):\($0)"] }
                + variables.flatMap { ["-e", $0] } + [image]
        }
        environment.runInteractively = { command in
            self.record.withLock { $0.commands.append(command) }
            return 0
        }
        environment.copy = { text in
            self.record.withLock { $0.copied.append(text) }
            return ClipboardReceipt(way: "wl-copy", bytes: text.utf8.count)
        }
        environment.saveText = { name, text in
            self.record.withLock { $0.texts[name] = text }
            return FilePath("/home/ann/shop/\(name)")
        }
        environment.clock = { self.record.withLock { $0.time } }
        return environment
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
