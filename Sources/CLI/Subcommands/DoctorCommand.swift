import ArgumentParser
import Lifecycle

/// `mixpack doctor`: what is there, what is missing, the cure.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks this machine for what mixpack needs.",
        discussion: "Exit codes: 0 builds can run, 1 something that builds need is missing.")

    mutating func run() async throws {
        let findings = await MachineCheckup(wiring: Wiring(machine: Machine())).findings()
        let width = findings.map(\.subject.count).max() ?? 0
        for finding in findings {
            print("\(finding.state.word)  \(finding.subject.padding(to: width))  \(finding.fact)")
            if let cure = finding.cure { print("      \(String(repeating: " ", count: width))  → \(cure)") }
        }
        if findings.contains(where: { $0.state == .missing }) {
            throw ProgramExit(code: Lifecycle.ExitCode.ruleBroken)
        }
    }
}
