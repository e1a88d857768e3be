import Commands
import Diagnostics
import Files
import Glibc
import Synchronization
import SystemPackage

/// Where the project's code brings its calls of git: a `git` first on its PATH writes them down, and here they are answered.
///
/// The code sees one folder of mixpack's, read-only but for the questions in it. Each question is a folder with the words of
/// the call; a pipe rings, and another says that the answer is there.
package final class GitDesk: Sendable {
    private struct State {
        var record: GitRecord
        /// Those of this desk; the record may have more.
        var answers: [GitQuestion: Task<GitAnswer, any Error>] = [:]
        var size = 0
        var serving: Task<Void, Never>?
    }

    private let reader: GitReader
    private let memory: GitMemory
    private let folder: ScratchFolder
    private let bell: BellReader
    private let keepsRecord: Bool
    private let secrets: [String]
    private let state: Mutex<State>

    /// Where the code sees the folder.
    private let seen: FilePath
    private static let inSandbox: FilePath = "/mixpack/git"
    /// How many calls are answered at a time, how many in all, and how many bytes of answers.
    private static let limits = (together: 4, calls: 20_000, size: 256 << 20)
    private static let largestQuestion = 1 << 20

    /// Opens the desk.
    /// - Parameters:
    ///   - record: what was asked before; new questions are added.
    ///   - memory: where each new question is written down before its answer is given; `keepsRecord` says whether.
    ///   - holdsRepositories: whether a repository inside the project is the user's own, and not one that a build made.
    ///   - secrets: values that are never written down.
    /// - Throws: `Failure`.
    package init(
        _ reader: GitReader, record: GitRecord = GitRecord(), memory: GitMemory, keepsRecord: Bool,
        holdsRepositories: Bool, secrets: [String] = []
    ) throws(Failure) {
        self.reader = reader
        self.memory = memory
        self.keepsRecord = keepsRecord
        self.secrets = secrets
        folder = try ScratchFolder(in: reader.scratch, prefix: "desk-")
        seen = reader.isSandboxed ? Self.inSandbox : folder.path
        for name in ["bin", "questions", "answers"] { try folder.path.appending(name).makeFolders() }
        let script = GitScript(
            places: reader.places, program: reader.program, door: seen, holdsRepositories: holdsRepositories)
        try folder.path.appending("bin/git").replace(with: script.text.utf8, mode: [.ownerReadWriteExecute])
        bell = try BellReader(folder.path.appending("bell"))
        state = Mutex(State(record: record))
        let serving = Task { [self] in await serve() }
        state.withLock { $0.serving = serving }
    }

    /// What the code is shown.
    package var binds: [Sandbox.Bind] {
        let questions = "questions"
        return [
            Sandbox.Bind(folder.path, at: seen),
            Sandbox.Bind(folder.path.appending(questions), at: seen.appending(questions), isWritable: true),
        ]
    }

    /// The folder with `git`, as the code sees it.
    package var programs: FilePath { seen.appending("bin") }

    /// What was asked so far.
    package var record: GitRecord { state.withLock { $0.record } }

    /// What was asked at this desk.
    package var asked: Set<GitQuestion> { state.withLock { Set($0.answers.keys) } }

    /// Ends what git still does, and takes the folder away.
    package func close() async {
        bell.stop()
        let serving = state.withLock { $0.serving }
        serving?.cancel()
        await serving?.value
        folder.remove()
    }

    // MARK: Serving

    private func serve() async {
        await withTaskGroup(of: Void.self) { tasks in
            var running = 0
            var calls = 0
            for await name in bell.rings where calls < Self.limits.calls {
                if running >= Self.limits.together {
                    await tasks.next()
                    running -= 1
                }
                calls += 1
                running += 1
                tasks.addTask { await self.serve(name) }
            }
            state.withLock { $0.answers.values.forEach { $0.cancel() } }
        }
    }

    /// Answers a question; one that is not as the script writes it gets no answer.
    private func serve(_ name: String) async {
        guard let question = OpenQuestion(name, in: folder.path.appending("questions")) else { return }
        guard let answer = try? await answer(question) else { return }
        let answers = folder.path.appending("answers")
        guard !answers.appending("\(name).output").exists,
            (try? answers.appending("\(name).output").replace(with: answer.output)) != nil,
            (try? answers.appending("\(name).errors").replace(with: answer.errors)) != nil
        else { return }
        question.finish(answer.status)
    }

    private func answer(_ open: OpenQuestion) async throws -> GitAnswer {
        guard let words = open.words(limit: Self.largestQuestion), let place = words.first else {
            return .refused("the call of git is too long")
        }
        guard let folder = reader.places.real(of: FilePath(place).lexicallyNormalized()) else {
            return .refused("\(place) is not a folder of the project")
        }
        guard !words.contains(where: { word in secrets.contains { word.contains($0) } }) else {
            return .refused("the call of git has a secret in it")
        }
        let question = GitQuestion(Array(words.dropFirst()), in: folder)
        let task = state.withLock { state in
            if let task = state.answers[question] { return task }
            let task = Task { try await reader.answer(question) }
            state.answers[question] = task
            return task
        }
        let answer = try await task.value
        try note(question, answer)
        return answer
    }

    /// Writes a new question down before the answer is given: compiled code may rest on it from then on.
    private func note(_ question: GitQuestion, _ answer: GitAnswer) throws {
        try state.withLock { state in
            state.size += answer.output.count + answer.errors.count
            guard state.size <= Self.limits.size else { throw Failure(.overLimit, "too many answers of git") }
            if state.record.note(question, answer, try memory.hash()), keepsRecord { try memory.save(state.record) }
        }
    }
}

/// A question in a folder that the project's code may write to: nothing there is followed or waited for.
private final class OpenQuestion: Sendable {
    private let folder: Int32

    init?(_ name: String, in questions: FilePath) {
        guard name.wholeMatch(of: /[A-Za-z0-9]{1,40}/) != nil else { return nil }
        folder = open(questions.appending(name).string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if folder < 0 { return nil }
    }

    deinit { _ = Glibc.close(folder) }

    /// The words, the folder of the call first.
    func words(limit: Int) -> [String]? {
        let file = openat(folder, "question", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { _ = Glibc.close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit,
            let bytes = FileDescriptor(rawValue: file).filled(Int(status.st_size)), bytes.last == 0
        else { return nil }
        return bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Says that the answer is there.
    func finish(_ status: Int32) {
        // Open for both, so that neither end is waited for and no signal comes if the other end is gone.
        let pipe = openat(folder, "done", O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard pipe >= 0 else { return }
        defer { _ = Glibc.close(pipe) }
        var kind = stat()
        guard fstat(pipe, &kind) == 0, kind.st_mode & S_IFMT == S_IFIFO else { return }
        let text = Array("\(status)\n".utf8)
        _ = write(pipe, text, text.count)
    }
}

/// Reads the names of new questions from a pipe, in a thread of its own.
private final class BellReader: Sendable {
    let rings: AsyncStream<String>
    private let stopping: Int32

    private static let longest = 64

    /// Makes the pipe.
    init(_ path: FilePath) throws(Failure) {
        var ends: [Int32] = [-1, -1]
        guard mkfifo(path.string, 0o600) == 0, pipe(&ends) == 0 else {
            throw .system(.unwritable, path.string)
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // Open for both, so that it never ends.
        let bell = open(path.string, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        guard bell >= 0 else { throw .system(.unreadable, path.string) }
        stopping = ends[1]
        let (rings, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(10_000))
        self.rings = rings
        let stopped = ends[0]
        let thread = WorkThread { Self.read(bell, until: stopped, continuation) }
        guard let thread else { throw Failure(.unsupported, "the system has no thread left") }
        thread.detach()
    }

    deinit { _ = close(stopping) }

    func stop() { _ = write(stopping, [1], 1) }

    private static func read(_ bell: Int32, until stopped: Int32, _ continuation: AsyncStream<String>.Continuation) {
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            var polled = [
                pollfd(fd: bell, events: Int16(POLLIN), revents: 0),
                pollfd(fd: stopped, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&polled, 2, -1) < 0, errno != EINTR { break }
            // Also when the other end was closed.
            if polled[1].revents != 0 { break }
            let count = Glibc.read(bell, &buffer, buffer.count)
            for byte in buffer.prefix(max(0, count)) {
                if byte != UInt8(ascii: "\n") {
                    if line.count < longest { line.append(byte) }
                    continue
                }
                continuation.yield(String(decoding: line, as: UTF8.self))
                line = []
            }
        }
        continuation.finish()
        _ = close(bell)
        _ = close(stopped)
    }
}
