import FoundationEssentials
import Glibc
import NcursesTerminal
import TerminalUI

// A small program for the tests of the terminal: it shows every event that it gets.

let arguments = CommandLine.arguments
var options = TerminalOptions(environment: ProcessInfo.processInfo.environment)
if arguments.contains("--short-grace") { options.terminationGrace = .milliseconds(100) }
let terminal = CursesTerminal(options: options)
do {
    let program = ProbeProgram(ignoresTermination: arguments.contains("--ignore-termination"))
    let state = try await ProgramLoop(program, terminal: terminal).run()
    if let signal = terminal.endingSignal { CursesTerminal.end(by: signal) }
    print("ended-after-\(state.lines.count)-events")
} catch {
    print("refused: \(error)")
    exit(3)
}
