import BuildpackAPI
import Diagnostics
import Lifecycle
import OCIImage
import SystemPackage

@testable import Console
@testable import MixInspection

/// Values that many tests begin with.
enum Fixtures {
    static let digests = ["a", "b", "c", "d", "e", "f"].map { String(repeating: $0, count: 64) }
        .compactMap { try? Digest(hex: $0) }

    static func umbrella() -> MixProject {
        MixProject(
            kind: .umbrella, evidence: .evaluated, app: nil, version: nil, elixirRequirement: "~> 1.14",
            children: [
                ChildApp(name: "core", path: "apps/core", version: "0.1.0"),
                ChildApp(
                    name: "web", path: "apps/web", version: "0.2.0", usesPhoenix: true, hasApplicationCallback: true,
                    hasAssets: true),
                ChildApp(
                    name: "worker", path: "apps/worker", version: "0.1.0", hasApplicationCallback: true,
                    hasNativeCode: true),
            ],
            releases: [
                MixRelease(
                    name: "web_rel", version: "0.2.0",
                    applications: [.init(name: "web", mode: "permanent"), .init(name: "core", mode: "permanent")],
                    isDefined: true),
                MixRelease(
                    name: "worker_rel", version: "0.1.0", applications: [.init(name: "worker", mode: "permanent")],
                    isDefined: true),
            ],
            defaultRelease: "web_rel", phoenixVersion: "1.7.14", usesPhoenix: true, assetsDeploy: ["apps/web"],
            hasFetchedDependencies: true, lockedDependencies: ["phoenix", "plug", "jason"],
            variables: [
                ProjectVariable(name: "BUILD_TOKEN", phase: .build, need: .optional, file: "config/prod.exs", line: 4),
                ProjectVariable(
                    name: "SECRET_KEY_BASE", phase: .run, need: .required, file: "config/runtime.exs", line: 12),
                ProjectVariable(
                    name: "PORT", phase: .run, need: .default, defaultValue: "4000", file: "config/runtime.exs",
                    line: 20),
                ProjectVariable(name: "PHX_SERVER", phase: .run, need: .flag, file: "config/runtime.exs", line: 8),
            ],
            findings: [
                Diagnostic(
                    .warning, "web binds a literal loopback address", file: "config/runtime.exs", line: 22,
                    advice: "read the address from a variable, or bind {0, 0, 0, 0}")
            ])
    }

    /// An application that reads where its database is.
    static func withDatabase() -> MixProject {
        var project = application()
        project.app = "shop"
        project.variables = [
            ProjectVariable(name: "DATABASE_URL", phase: .run, need: .required, file: "config/runtime.exs", line: 8)
        ]
        return project
    }

    /// An image whose containers need no variable.
    static func imageWithoutVariables() -> ImageContents {
        var contents = image()
        contents.requiredVariables = []
        return contents
    }

    static func database(_ change: (inout DatabaseStatus) -> Void = { _ in }) -> DatabaseStatus {
        var status = DatabaseStatus(
            name: "shop-0123-db", image: "docker.io/library/postgres:16", volume: "shop-0123-db", network: "shop-0123",
            shownURL: "postgres://postgres:•••@shop-0123-db/shop")
        change(&status)
        return status
    }

    /// A plain application that reads no variables.
    static func application() -> MixProject {
        MixProject(
            kind: .application, evidence: .evaluated, app: "hello", version: "0.1.0", elixirRequirement: "~> 1.14",
            releases: [
                MixRelease(
                    name: "hello", version: "0.1.0", applications: [.init(name: "hello", mode: "permanent")],
                    isDefined: false)
            ],
            defaultRelease: "hello")
    }

    static func inspection(_ project: MixProject? = umbrella(), path: FilePath = "/home/ann/shop") -> ProjectInspection
    {
        ProjectInspection(
            path: path, stage: .settled, project: project,
            versions: [
                .init(
                    tool: "Elixir", found: "1.14.0", foundIn: "/usr/lib/elixir", required: "~> 1.14",
                    requiredBy: "mix.exs"),
                .init(
                    tool: "Erlang/OTP", found: "25.2.3", required: "26", requiredBy: ".tool-versions",
                    isSatisfied: false),
            ],
            buildpacks: [
                .init(
                    id: "io.github.carlo-colombo.erlang-runtime", version: "0.1.0", purpose: "uses OTP 25.2.3",
                    passes: true),
                .init(
                    id: "io.github.carlo-colombo.elixir-runtime", version: "0.1.0", purpose: "uses Elixir 1.14.0",
                    passes: true),
                .init(
                    id: "io.github.carlo-colombo.mix-release", version: "0.1.0", purpose: "releases web_rel",
                    passes: true),
            ],
            suggestedImage: "shop:latest", engine: "podman 4.3.1")
    }

    static func layer(
        _ name: String, _ types: LayerTypes, _ size: Int64, reason: String? = nil, buildpack: String? = "mix-release"
    ) -> LayerSummary {
        LayerSummary(
            buildpack: buildpack.map { "io.github.carlo-colombo.\($0)" }, name: name, types: types, size: size,
            files: 120,
            diffID: nil, reason: reason, directory: buildpack == nil ? nil : "/cache/layers/\(name)")
    }

    /// The events of a build up to the middle of its build phase.
    static func running() -> [LifecycleEvent] {
        let id = "io.github.carlo-colombo.mix-release"
        return [
            LifecycleEvent(
                at: 0,
                .started(
                    BuildStart(
                        image: "shop:latest", project: "/home/ann/shop", version: "0.1.0", logFile: "/cache/build.log"))
            ),
            LifecycleEvent(at: 0, .phaseStarted(.analyze)),
            LifecycleEvent(at: 0.05, .phaseFinished(.analyze, .done, seconds: 0.05)),
            LifecycleEvent(at: 0.05, .phaseStarted(.detect)),
            LifecycleEvent(
                at: 0.3, .buildpackFinished(.detect, id: id, outcome: .passed, reason: "mix.exs defines 2 releases")),
            LifecycleEvent(at: 0.4, .phaseFinished(.detect, .done, seconds: 0.35)),
            LifecycleEvent(
                at: 0.4,
                .planResolved(
                    ResolvedPlan(
                        group: [BuildpackReference(id: id, version: "0.1.0")],
                        entries: [
                            .init(
                                name: "elixir", providers: ["io.github.carlo-colombo.elixir-runtime"],
                                requires: [.init("elixir")])
                        ]))),
            LifecycleEvent(at: 0.4, .phaseStarted(.restore)),
            LifecycleEvent(
                at: 0.5,
                .layer(
                    .restored, layer("deps", [.launch, .cache], 34_000_000, reason: "mix.lock is the same"))),
            LifecycleEvent(at: 0.6, .phaseFinished(.restore, .done, seconds: 0.2)),
            LifecycleEvent(at: 0.6, .phaseStarted(.build)),
            LifecycleEvent(at: 0.6, .buildpackStarted(.build, id: id, version: "0.1.0")),
            LifecycleEvent(at: 0.7, .commandStarted(id: 1, buildpack: id, text: "mix do compile + release web_rel")),
            LifecycleEvent(
                at: 1.2,
                .output(
                    Output(
                        buildpack: id, command: 1,
                        text:
                            "==> core\nCompiling 3 files (.ex)\nGenerated core app\n==> web\nCompiling 42 files (.ex)\n"
                    ))),
            LifecycleEvent(
                at: 2.0,
                .diagnostic(
                    Diagnostic(
                        .warning, "variable \"conn\" is unused", file: "apps/web/lib/web/router.ex", line: 14,
                        column: 7, advice: "name it _conn"))),
            LifecycleEvent(at: 2.1, .layer(.growing, layer("release", [.launch], 12_000_000))),
            LifecycleEvent(at: 2.1, .progress(step: "compiling", done: 18, total: 42)),
        ]
    }

    /// A first build, with its third dependency of 24 being compiled.
    static func compilingDependencies() -> [LifecycleEvent] {
        let id = "io.github.carlo-colombo.mix-release"
        func step(_ time: Double, _ name: String, _ number: Int, _ seconds: Double? = nil) -> LifecycleEvent {
            LifecycleEvent(
                at: time,
                .dependency(DependencyStep(name, .compiling, number: number, total: 24, seconds: seconds)))
        }
        let build = running().prefix { if case .commandStarted = $0.kind { false } else { true } }
        return build + [
            LifecycleEvent(at: 0.7, .commandStarted(id: 1, buildpack: id, text: "mix deps.loadpaths")),
            step(1.1, "decimal", 1), step(2.4, "decimal", 1, 1.3), step(2.4, "telemetry", 2),
            step(2.9, "telemetry", 2, 0.5), step(3, "phoenix_live_view", 3),
            LifecycleEvent(at: 5.2, .output(Output(buildpack: id, command: 1, text: "Compiling 57 files (.ex)\n"))),
        ]
    }

    /// The rest of a build that succeeds.
    static func finished() -> [LifecycleEvent] {
        let id = "io.github.carlo-colombo.mix-release"
        var release = layer("release", [.launch], 14_100_000, reason: "the source changed")
        release.diffID = digests[1]
        return running() + [
            LifecycleEvent(
                at: 6.0,
                .output(
                    Output(
                        buildpack: id, command: 1, text: "* assembling web_rel-0.2.0 on MIX_ENV=prod\nRelease created\n"
                    ))),
            LifecycleEvent(at: 6.0, .commandEnded(id: 1, status: 0, seconds: 5.3)),
            LifecycleEvent(at: 6.1, .phaseFinished(.build, .done, seconds: 5.5)),
            LifecycleEvent(at: 6.1, .phaseStarted(.export)),
            LifecycleEvent(
                at: 6.4,
                .layer(
                    .reused, layer("deps", [.launch, .cache], 34_000_000, reason: "mix.lock is the same"))),
            LifecycleEvent(at: 6.5, .layer(.exported, release)),
            LifecycleEvent(at: 6.6, .imageWritten(place: "docker-daemon:shop:latest")),
            LifecycleEvent(at: 6.7, .phaseFinished(.export, .done, seconds: 0.6)),
            LifecycleEvent(at: 6.7, .finished(report())),
        ]
    }

    static func report() -> BuildReport {
        BuildReport(
            image: "shop:latest", manifestDigest: digests[0], imageID: digests[2],
            places: ["docker-daemon:shop:latest"],
            layers: [], phases: [], seconds: 6.7, isUnchanged: false,
            runCommand: "docker run -it --rm -p 4000:4000 -e SECRET_KEY_BASE shop",
            requiredVariables: ["SECRET_KEY_BASE"])
    }

    static func failed() -> [LifecycleEvent] {
        running() + [
            LifecycleEvent(
                at: 3.0,
                .diagnostic(
                    Diagnostic(
                        .error, "undefined function render/2", file: "apps/web/lib/web/page.ex", line: 9, column: 5))),
            LifecycleEvent(at: 3.1, .commandEnded(id: 1, status: 1, seconds: 2.4)),
            LifecycleEvent(at: 3.2, .phaseFinished(.build, .failed, seconds: 2.6)),
            LifecycleEvent(
                at: 3.2,
                .failed(
                    BuildFailure(
                        phase: .build, exitCode: 51, message: "mix release failed with status 1",
                        advice: "see the error above"))),
        ]
    }

    /// Every file of the project.
    static let source = """
        defmodule Shop.Cart do
          @moduledoc "What a customer wants."

          defstruct items: []

          @doc "Everything together, with what is taken off for a customer who has been here before."
          def total(cart) do
            cart.items
            |> Enum.map(&render/2)
            |> Enum.sum()
          end
        end
        """

    /// A build whose command printed two errors and a warning, which its events name; then the build's own failure.
    static func failedToCompile() -> [LifecycleEvent] {
        let id = "io.github.carlo-colombo.mix-release"
        let missing =
            "undefined function render/2 (expected Shop.Cart to define such a function or for it to be imported)"
        let output = """
            warning: variable "customer" is unused (if it is not meant to be used, prefix it with an underscore)
              lib/shop/cart.ex:7: Shop.Cart.total/1
            error: \(missing)
              lib/shop/cart.ex:9:17: Shop.Cart.total/1
            error: undefined variable "price"
              lib/shop/cart.ex:2:3: Shop.Cart.total/1

            """
        let text = "variable \"customer\" is unused (if it is not meant to be used, prefix it with an underscore)"
        return Array(running().prefix(10)) + [
            LifecycleEvent(at: 0.7, .commandStarted(id: 1, buildpack: id, text: "mix release web_rel --overwrite")),
            LifecycleEvent(at: 2, .output(Output(buildpack: id, command: 1, text: output))),
            LifecycleEvent(at: 2, .diagnostic(Diagnostic(.warning, text, file: "lib/shop/cart.ex", line: 7))),
            LifecycleEvent(
                at: 2, .diagnostic(Diagnostic(.error, missing, file: "lib/shop/cart.ex", line: 9, column: 17))),
            LifecycleEvent(
                at: 2,
                .diagnostic(
                    Diagnostic(.error, "undefined variable \"price\"", file: "lib/shop/cart.ex", line: 2, column: 3))),
            LifecycleEvent(at: 3.1, .commandEnded(id: 1, status: 1, seconds: 2.4)),
            LifecycleEvent(at: 3.2, .phaseFinished(.build, .failed, seconds: 2.6)),
            LifecycleEvent(
                at: 3.2,
                .failed(
                    BuildFailure(
                        phase: .build, exitCode: 51, message: missing, file: "lib/shop/cart.ex", line: 9,
                        advice: "define render/2, or give the capture the number of arguments that render takes"))),
        ]
    }

    /// A build that stops in a phase, without more output.
    static func stopped(_ failure: BuildFailure) -> [LifecycleEvent] {
        let phase = failure.phase ?? .build
        let before = running().prefix { if case .phaseStarted(phase) = $0.kind { false } else { true } }
        return before + [
            LifecycleEvent(at: 1, .phaseStarted(phase)),
            LifecycleEvent(at: 1.4, .phaseFinished(phase, .failed, seconds: 0.4)),
            LifecycleEvent(at: 1.4, .failed(failure)),
        ]
    }

    static func image() -> ImageContents {
        ImageContents(
            name: "shop:latest", manifestDigest: digests[0], imageID: digests[2],
            layers: [
                .init(
                    LayerSummary(buildpack: nil, name: "run image 1", types: [], size: 31_000_000, files: 900),
                    isReused: true, isBase: true, source: .image(index: 0)),
                .init(
                    LayerSummary(
                        buildpack: "io.github.carlo-colombo.mix-release", name: "base", types: .launch,
                        size: 52_000_000, files: 2100, diffID: digests[3], reason: "OTP and Elixir are the same"),
                    digest: digests[4], isReused: true, source: .image(index: 1)),
                .init(
                    LayerSummary(
                        buildpack: "io.github.carlo-colombo.mix-release", name: "deps", types: [.launch, .cache],
                        size: 34_000_000),
                    isReused: true, source: .image(index: 2)),
                .init(
                    LayerSummary(
                        buildpack: "io.github.carlo-colombo.mix-release", name: "release", types: .launch,
                        size: 14_100_000, reason: "the source changed"),
                    isReused: false, source: .image(index: 3)),
                .init(
                    LayerSummary(buildpack: nil, name: "launcher", types: [], size: 770_000), isReused: true,
                    source: .image(index: 4)),
            ],
            processes: [
                ProcessType(
                    "web", command: ["/layers/io.github.carlo-colombo.mix-release/release/bin/web_rel", "start"],
                    isDefault: true)
            ],
            configuration: [.init("user", "1000:1000"), .init("env", "LANG=C.UTF-8"), .init("port", "4000/tcp")],
            labels: [.init("io.buildpacks.stack.id", "io.github.carlo-colombo.elixir-builder")],
            places: ["docker-daemon:shop:latest"], requiredVariables: ["SECRET_KEY_BASE"], ports: [4000],
            releaseProgram: "/layers/io.github.carlo-colombo.mix-release/release/bin/web_rel")
    }

    /// A container that runs since second 58.
    static func container(of request: ContainerRequest? = nil) -> ContainerStatus {
        let ports = (request?.ports ?? ["4000:4000"]).compactMap { text -> ContainerStatus.Port? in
            let numbers = text.split(separator: ":").compactMap { Int($0) }
            guard let machine = numbers.first, let container = numbers.last else { return nil }
            return ContainerStatus.Port(machine: machine, container: container)
        }
        return ContainerStatus(
            id: "0f3c1a2b3c4d5e6f0f3c1a2b3c4d5e6f", image: request?.image ?? "shop:latest",
            imageID: digests[2].description, startedAt: 58, ports: ports)
    }
}
