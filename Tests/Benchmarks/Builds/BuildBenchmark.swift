import SystemPackage
import TestSupport

/// Builds of a small and a large project beside bare `mix release`, and `podman build` apart from both.
///
/// podman's builds keep the disk busy for seconds after their end, which whoever came next would pay for.
struct BuildBenchmark: Benchmark {
    static let name = "builds"

    let plan: BenchPlan

    func run() async throws {
        try await withTemporaryFolder { @Sendable folder in
            let projects = try [BenchProject].samples(in: folder)
            var rounds = BuildRounds(plan: plan)
            var figures = projects.map { BuildFigures(project: $0.name, rounds: plan.rounds) }
            try await measure(projects, &figures, in: folder, &rounds)
            if plan.measuresPodman {
                try await measurePodman(projects, &figures, in: folder.appending("podman"), &rounds)
            }
            report("load of the machine: \(try KernelFile("/proc/loadavg").lines.first ?? ""); seed \(plan.seed)")
            figures.flatMap(\.lines).forEach(report)
        }
    }

    private func measure(
        _ projects: [BenchProject], _ figures: inout [BuildFigures], in folder: FilePath, _ rounds: inout BuildRounds
    ) async throws {
        let mixpack = MixpackContender(mixpack: try MixpackProgram(home: folder), output: folder.appending("layout"))
        for (index, project) in projects.enumerated() {
            // The run image is made once a machine, so it is made before the clock runs.
            _ = try await mixpack.build(project)
            for condition in Condition.allCases {
                for scenario in Scenario.allCases {
                    let costs = try await rounds.costs(
                        scenario, condition, of: project, by: [mixpack, MixContender()])
                    figures[index].costs[condition, default: [:]][scenario] = costs
                    report(figures[index].row(scenario, condition, isNamed: true))
                }
            }
        }
    }

    private func measurePodman(
        _ projects: [BenchProject], _ figures: inout [BuildFigures], in folder: FilePath, _ rounds: inout BuildRounds
    ) async throws {
        let podman: PodmanContender
        do {
            try folder.makeFolder()
            podman = try await PodmanContender(in: folder)
        } catch {
            return report("podman build is left out: \(error)")
        }
        do {
            for (index, project) in projects.enumerated() {
                for scenario in Scenario.allCases {
                    let costs = try await rounds.costs(scenario, .settled, of: project, by: [podman])
                    figures[index].costs[.settled, default: [:]][scenario, default: [:]].merge(costs) { $1 }
                    report(figures[index].row(scenario, .settled, isNamed: true))
                }
            }
        } catch {
            await podman.end()
            throw error
        }
        await podman.end()
    }
}

/// How often and in which order it is measured.
struct BenchPlan {
    /// How often each build is timed.
    var rounds = 5
    /// What the order of the contenders follows from.
    var seed: UInt64 = 1
    var measuresPodman = true
}

extension BenchPlan {
    /// Takes the options out of the words of a command line; nil where one has no number that makes sense.
    init?(takenFrom words: inout [String]) {
        self.init()
        if let place = words.firstIndex(of: "--no-podman") {
            words.remove(at: place)
            measuresPodman = false
        }
        for option in ["--rounds", "--seed"] {
            guard let place = words.firstIndex(of: option) else { continue }
            guard place + 1 < words.count, let number = UInt64(words[place + 1]), number < 1 << 32 else { return nil }
            words.removeSubrange(place...place + 1)
            if option == "--seed" { seed = number } else { rounds = Int(number) }
        }
        if rounds < 1 { return nil }
    }
}

/// Rounds of builds, in each of which every contender has its turn.
struct BuildRounds {
    private let rounds: Int
    private var random: SeededNumbers
    private var editions = 0

    init(plan: BenchPlan) {
        rounds = plan.rounds
        random = SeededNumbers(plan.seed)
    }

    /// What each contender's builds took.
    ///
    /// The order is shuffled in each round, so that none always follows the same one.
    mutating func costs(
        _ scenario: Scenario, _ condition: Condition, of project: BenchProject, by contenders: [any Contender]
    ) async throws -> [String: [BuildCost]] {
        var costs: [String: [BuildCost]] = [:]
        if scenario != .first {
            for contender in contenders { _ = try await contender.build(project) }
        }
        for _ in 0..<rounds {
            if scenario == .edit {
                editions += 1
                try project.edit(editions)
            }
            for contender in contenders.shuffled(using: &random) {
                if scenario == .first { try await contender.forget(project) }
                let isSo = try await condition.wait()
                var cost = try await BuildCost.measure { try await contender.build(project) }
                if !isSo { cost.foreignShare = 1 }
                costs[contender.name, default: []].append(cost)
            }
        }
        return costs
    }
}

/// Numbers that look random and follow from a seed alone: [SplitMix64](https://prng.di.unimi.it/splitmix64.c).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
