import Diagnostics
import Lifecycle
import OCIImage
import Synchronization
import SystemPackage

/// What the Build screen asks of the world.
package struct BuildClient: Sendable {
    /// Starts a build.
    package var start: @Sendable (BuildRequest) async -> BuildHandle = { _ in
        BuildHandle(events: AsyncStream { $0.finish() }, cancel: {}, kill: {})
    }
    /// The builds of a project that ended before, newest first.
    package var past: @Sendable (FilePath) async -> [PastBuild] = { _ in [] }
    /// The events of a past build, by its id.
    package var pastEvents: @Sendable (FilePath, _ id: String) async throws -> [LifecycleEvent] = { _, id in
        throw Failure(.refused, "no such build: \(id)")
    }
    /// A shell in the folder where a project is built, with the build's environment.
    package var shell: @Sendable (FilePath) async throws -> InteractiveCommand = { path in
        throw Failure(.refused, "nothing was built in \(path)")
    }
    /// The lines of a project's file around one, with secrets masked; `nil` if the project has no such file or line.
    package var source:
        @Sendable (
            _ project: FilePath, _ place: SourcePlace, _ secrets: [(name: String, value: SecretValue)]
        ) async -> SourceExcerpt? = { _, _, _ in nil }
    /// The user's pager on a file, as a command.
    package var pagerCommand: @Sendable (FilePath) -> [String] = { file in ["less", "-R", file.string] }
    /// Reports again and again which file of a project was saved; several at once count as one.
    package var changes: @Sendable (FilePath, _ context: FilePath?) -> AsyncStream<String> = { _, _ in
        AsyncStream { $0.finish() }
    }
    /// Prints a build's events as plain lines on the terminal, which has been given back.
    ///
    /// Returns when the events end or when the user wants the console back; `interrupt` is called for each Ctrl-C.
    package var printPlainly:
        @Sendable (_ events: AsyncStream<LifecycleEvent>, _ interrupt: @escaping @Sendable () -> Void) async ->
            PlainOutputEnd = { events, _ in
                for await _ in events {}
                return .ended
            }
    /// The seconds of a clock that only goes forward.
    package var clock: @Sendable () -> Double = { 0 }

    /// Creates a client that has nothing to offer.
    package init() {}
}

/// A line of a file, whose path is relative to the project's folder.
package struct SourcePlace: Sendable, Hashable {
    package var file: String
    /// From 1.
    package var line: Int

    package init(file: String, line: Int) {
        self.file = file
        self.line = line
    }
}

/// A build that has been started: its events, and the two ways to end it early.
package struct BuildHandle: Sendable {
    /// What happens, up to the one terminal event.
    package var events: AsyncStream<LifecycleEvent>
    /// Asks the build to stop: TERM to its commands; the events end with `cancelled`.
    package var cancel: @Sendable () -> Void
    /// Ends the build's commands at once with KILL.
    package var kill: @Sendable () -> Void

    package init(
        events: AsyncStream<LifecycleEvent>, cancel: @escaping @Sendable () -> Void,
        kill: @escaping @Sendable () -> Void
    ) {
        self.events = events
        self.cancel = cancel
        self.kill = kill
    }
}

/// A build of the project that ended before: an entry of the list of past builds.
package struct PastBuild: Sendable, Hashable {
    /// How it ended.
    package enum Ending: String, Sendable, Hashable, Codable {
        case finished, failed, cancelled
    }

    /// What it is called by: the name of its recording.
    package var id: String
    /// The image's name.
    package var image: String
    /// How long ago it began, in words.
    package var age: String
    /// How it ended.
    package var ending: Ending
    /// How long it took, in seconds.
    package var seconds: Double
    /// The image's ID, short, where it has one.
    package var digest: String?
    /// How large the image is, if that is known.
    package var size: ImageSize?

    package init(
        id: String, image: String, age: String, ending: Ending, seconds: Double, digest: String? = nil,
        size: ImageSize? = nil
    ) {
        self.size = size
        self.id = id
        self.image = image
        self.age = age
        self.ending = ending
        self.seconds = seconds
        self.digest = digest
    }
}

/// Why the printing of a build as plain lines came to its end.
package enum PlainOutputEnd: Sendable, Hashable {
    /// The user wants the console back; the build goes on.
    case back
    /// The build has ended, and its end has been told.
    case ended
}

/// Ctrl-C where nothing can be asked.
final class InterruptCounter: Sendable {
    private let build: BuildHandle?
    private let requests = Mutex(StopRequests())

    init(_ build: BuildHandle?) { self.build = build }

    func next() {
        switch requests.withLock({ $0.next() }) {
        case .cancel: build?.cancel()
        case .endAtOnce: build?.kill()
        }
    }
}
