import Commands
import Diagnostics
import Glibc
import ImageTransports
import Lifecycle
import OCIImage
import SystemPackage

/// A container engine that answers, as builds, the console and doctor use it.
struct AnsweringEngine: Sendable, CustomStringConvertible {
    private let found: FoundEngine
    private let store: ImageStore

    init(_ found: FoundEngine, store: ImageStore) {
        self.found = found
        self.store = store
    }

    /// The words that people's commands for it begin with.
    var command: [String] { found.command }
    /// Its name and version.
    var description: String { "\(found.version.name) \(found.version.version)" }

    /// The engine as builds use it.
    var service: PlatformServices.Engine {
        let (engine, store) = (found.engine, store)
        return PlatformServices.Engine(command: command) { reference in
            EngineImage(engine, reference, temporaryFolder: store.root.appending("staging"), store: store)
        }
    }
}

/// What came of looking for an engine.
enum EngineAnswer: Sendable {
    case answers(AnsweringEngine)
    case silent(EngineSilence)

    /// The answer as builds take it.
    var service: PlatformServices.EngineAnswer {
        switch self {
        case .answers(let engine): .answers(engine.service)
        case .silent(let silence) where silence.isSwitchedOff: .unwanted
        case .silent(let silence): .silent(silence.failure, isNamed: silence.isNamed)
        }
    }
}

extension EngineSearch {
    /// A search on this machine.
    init(machine: Machine) {
        let environment = machine.environment
        // A daemon is not on every user's PATH.
        let lookup = ProgramLookup(
            searchPath: (environment["PATH"].map { $0 + ":" } ?? "") + "/usr/local/sbin:/usr/sbin:/sbin")
        self.init(
            EngineCandidates(environment: environment, user: getuid()),
            isInstalled: { lookup.find(FilePath($0)) != nil },
            dial: { (words, socket) throws(Failure) in
                let command = Command(
                    FilePath(words[0]), Array(words.dropFirst()), environment: environment, workingDirectory: "/")
                return try ConnectedProgram(command, on: socket).complaint
            })
    }
}
