import Glibc
import SystemPackage
import TestSupport

/// Builds that are killed at random moments, each followed by a look at what was there before.
struct KillRounds {
    let contender: MixpackContender
    let project: BenchProject

    /// - Returns: what was found wrong, one line each.
    func run(_ rounds: Int, editions: inout Int) async throws -> [String] {
        let whole = try await contender.build(project)
        editions += 1
        try project.edit(editions)
        let edited = try await contender.build(project)
        var problems: [String] = []
        for round in 0..<rounds {
            editions += 1
            try project.edit(editions)
            let program = try contender.mixpack.start(contender.arguments(project))
            try await Task.sleep(for: .seconds(max(whole, edited) * .random(in: 0..<1)))
            program.send(SIGKILL)
            _ = try await program.end()
            problems += try await look(round)
        }
        let last = try await contender.mixpack.run(contender.arguments(project))
        return problems + (last.status == 0 ? [] : ["the build after the kills failed: \(last)"])
    }

    private func look(_ round: Int) async throws -> [String] {
        let image = try await TestSupport.run(
            try findTool("skopeo"), ["inspect", "oci:\(contender.output):\(project.name)"])
        let sums = try await TestSupport.run(
            "/bin/sh", ["-c", "for f in *; do echo \"$f  $f\"; done | sha256sum -c --quiet"],
            workingDirectory: contender.output.appending("blobs/sha256"))
        var problems: [String] = []
        if image.status != 0 { problems.append("round \(round): \(image.errorOutput)") }
        if sums.status != 0 { problems.append("round \(round): \(sums.output)") }
        do {
            try await eventually("the build's processes to be gone", within: .seconds(5)) {
                try ProcessScan.processes(under: contender.output.removingLastComponent()).isEmpty
            }
        } catch {
            problems.append("round \(round): \(error)")
        }
        return problems
    }
}
