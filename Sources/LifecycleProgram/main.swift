import FoundationEssentials
import Glibc
import Lifecycle
import SystemPackage

// The programs of a lifecycle that platforms start in a build's container: creator and rebaser. Which of them, the program's
// own name says, as in /cnb/lifecycle/creator, or the first word behind it.

// As the first process of a container nothing else ends it.
for number in [SIGTERM, SIGINT, SIGHUP] { signal(number) { _exit(128 + $0) } }
// A registry that hangs up is an error of that transfer.
signal(SIGPIPE, SIG_IGN)
Secrecy.forbidDumps()

if CommandLine.arguments.dropFirst().first == EngineRelay.word {
    exit(EngineRelay.run(Array(CommandLine.arguments.dropFirst(2))))
}

let environment = ProcessInfo.processInfo.environment
exit(await ProgramCall(CommandLine.arguments).run(environment))
