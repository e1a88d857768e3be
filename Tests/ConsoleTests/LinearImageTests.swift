import Diagnostics
import OCIImage
import Synchronization
import SystemPackage
import Testing

@testable import Console
@testable import Lifecycle

@Suite("After the build, as questions and lines", .timeLimit(.minutes(1)))
struct LinearImageTests {
    /// A user who gives an answer to each question; one that is a moment is given once that has come.
    private final class User: Sendable {
        enum Answer: Sendable, ExpressibleByStringLiteral {
            case text(String)
            case once(@Sendable (String) -> Bool)

            init(stringLiteral text: String) { self = .text(text) }
        }

        private let state: Mutex<(answers: [Answer], heard: [String])>

        init(_ answers: [Answer]) { state = Mutex((answers, [])) }

        var heard: String { state.withLock { $0.heard.joined(separator: "\n") } }

        private func answer(_ question: String) async -> String? {
            let next = state.withLock { state in
                state.heard.append(question)
                return state.answers.isEmpty ? nil : state.answers.removeFirst()
            }
            switch next {
            case .text(let text)?: return text
            case .once(let hasCome)?:
                while !hasCome(heard) { try? await Task.sleep(for: .milliseconds(2)) }
                return ""
            case nil: return nil
            }
        }

        var terminal: LinearTerminal {
            LinearTerminal(
                say: { line in self.state.withLock { $0.heard.append(line) } }, ask: { await self.answer($0) },
                askSecretly: { await self.answer($0 + " (secretly)").map(SecretValue.init) })
        }
    }

    private static func run(
        _ answers: [User.Answer], world: World = World(), start: ConsoleStart = .image(place: "shop:latest"),
        change: (inout ConsoleClients) -> Void = { _ in }
    ) async -> String {
        let user = User(answers)
        var clients = world.clients()
        change(&clients)
        _ = await LinearConsole(clients: clients, terminal: user.terminal, start: start).run()
        return user.heard
    }

    @Test("the log says the last lines, follows until Enter, and says why a container ended")
    func log() async {
        let lines = (1...30).map { "line \($0)" }
        let heard = await Self.run([
            "run", "s3cret-key", "log", .once { $0.contains("Enter goes on") }, "0",
        ]) { clients in
            clients.run.log = { _, take in
                await take(lines.joined(separator: "\n") + "\n")
                try? await Task.sleep(for: .milliseconds(400))
                await take("** (RuntimeError) no database\n")
            }
            clients.run.follow = { id in
                AsyncStream {
                    $0.yield(ContainerStatus(id: id, image: "shop:latest", isRunning: false, exitCode: 1)); $0.finish()
                }
            }
        }
        #expect(heard.contains("The log of container 0f3c1a2b3c4d. Enter ends it."))
        #expect(heard.contains("the last 20 of 30 lines:\nline 11\n") && !heard.contains("line 10\n"))
        #expect(heard.contains("line 30\n** (RuntimeError) no database\n"), "\(heard)")
        #expect(heard.contains("crashed (exit code 1): ** (RuntimeError) no database"))
    }

    @Test("Enter ends the log of a container that runs on")
    func leavesLog() async {
        let ended = Mutex(false)
        let heard = await Self.run(["run", "s3cret-key", "log", .once { $0.contains("hello") }, "0"]) { clients in
            clients.run.log = { _, take in
                await take("hello\n")
                while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
                ended.withLock { $0 = true }
            }
        }
        #expect(ended.withLock { $0 } && heard.hasSuffix("left"))
    }

    @Test("a container is stopped, reached and asked; each says what came of it")
    func container() async {
        let asked = Mutex<[String]>([])
        let world = World()
        let heard = await Self.run(
            [
                "container", "remote", "container", "shell", "container", "once", "rpc \"1 + 1\"", "stop", "0",
            ], world: world
        ) { clients in
            clients.run.find = { owner, image in
                asked.withLock { $0.append("find \(owner) \(image ?? "")") }
                return Fixtures.container()
            }
            clients.run.stop = { id in asked.withLock { $0.append("stop \(id.prefix(4))") } }
            clients.run.remoteCommand = { ["engine", "exec", String($0.prefix(4)), $1, "remote"] }
            clients.run.shellCommand = { ["engine", "exec", String($0.prefix(4)), "sh"] }
            clients.run.runOnce = { command, take in
                asked.withLock { $0.append("\(command.words.dropFirst()) in \(command.container?.prefix(4) ?? "new")") }
                await take("2\n")
                return 0
            }
        }
        #expect(asked.withLock { $0.contains("find shop:latest shop:latest") && $0.contains("stop 0f3c") })
        #expect(asked.withLock { $0.contains("[\"rpc\", \"1 + 1\"] in 0f3c") }, "\(asked.withLock { $0 })")
        #expect(world.look { $0.commands.map(\.words.last) } == ["remote", "sh"])
        #expect(heard.contains("2\nrpc \"1 + 1\" ended with exit code 0"))
        #expect(heard.contains("stopped container 0f3c1a2b3c4d"))
    }

    @Test("options of containers are asked for, checked and used; a secret among them is not kept")
    func options() async {
        let world = World()
        let heard = await Self.run(
            [
                "container", "options", "ports", "http", "container", "options", "ports", "8080:4000", "container",
                "options", "variables", "API_TOKEN=t0ken", "run", "s3cret-key", "0",
            ], world: world)
        #expect(heard.contains("not taken: write PORT or MACHINE:CONTAINER, up to 65535"))
        #expect(heard.contains("API_TOKEN is a secret: it is set for containers, and not kept"))
        let request = world.look { $0.containers.first }
        #expect(request?.ports == ["8080:4000"] && request?.variables["API_TOKEN"]?.count == 5)
        #expect(world.look { $0.saved.allSatisfy { $0.run.variables.isEmpty } })
        #expect(world.look { $0.saved.last?.run.ports } == ["8080:4000"])
    }

    @Test("watching builds after a saved file and starts what runs again; a build that fails leaves it; Enter ends it")
    func watches() async throws {
        let world = World(builds: [Fixtures.finished(), Fixtures.finished(), Fixtures.failed()])
        let saves = AsyncStream.makeStream(of: String.self)
        let request = BuildRequest(image: try Reference("shop"), project: "/home/ann/shop")
        let heard = await Self.run(
            [
                "run", "s3cret-key", "watch",
                .once { text in
                    if text.contains("Watching") && !text.contains("lib/a.ex was saved") {
                        saves.continuation.yield("lib/a.ex")
                    }
                    if text.contains("restarted") && !text.contains("lib/b.ex was saved") {
                        saves.continuation.yield("lib/b.ex")
                    }
                    return text.contains("not restarted")
                }, "0",
            ], world: world, start: .build(request)
        ) { clients in
            clients.build.changes = { _, _ in saves.stream }
            clients.run.find = { _, _ in Fixtures.container() }
        }
        #expect(heard.contains("Watching /home/ann/shop: builds again when you save a file. Enter ends it."))
        #expect(heard.contains("restarted on :4000, http://localhost:4000"))
        #expect(heard.contains("not restarted: the last image keeps running"))
        #expect(heard.contains("no longer watching"))
        #expect(world.look { $0.containers.count } == 2, "the failed build started nothing")
    }

    @Test("the image is pushed, replaced only after a yes, loaded and saved")
    func sends() async {
        for (answer, sent) in [("n", [String]()), ("y", ["docker://localhost:5000/shop:1"])] {
            let written = Mutex<[String]>([])
            let heard = await Self.run([
                "push", "push to a registry", "docker://localhost:5000/shop:1", .init(stringLiteral: answer), "0",
            ]) { clients in
                clients.image.engines = { ["docker-daemon (docker)"] }
                clients.image.existing = { _, target in "\(target) is another image (0123)" }
                clients.image.send = { _, target, progress in
                    for done in 0...100 { progress(Int64(done), 100) }
                    written.withLock { $0.append("\(target)") }
                    return Fixtures.digests[5]
                }
            }
            #expect(heard.contains("docker://localhost:5000/shop:1 is another image (0123). Replace it?"))
            #expect(written.withLock { $0 } == sent)
            #expect(heard.contains("25 % written\n50 % written\n75 % written\nwritten to") == !sent.isEmpty)
        }
        let heard = await Self.run(["push", "load", "push", "save as an OCI", "/tmp/x.tar", "push", "back", "0"]) {
            clients in
            clients.image.engines = { ["docker-daemon (docker)"] }
            clients.image.existing = { _, target in
                if case .place = target { "/tmp/x.tar already exists" } else { nil }
            }
            clients.image.send = { _, _, _ in Fixtures.digests[5] }
        }
        #expect(heard.contains("written to docker-daemon (docker), "))
        #expect(heard.contains("/tmp/x.tar already exists; name a new file"))
    }

    @Test("a file is extracted as a container sees it; a name is given, and taken only after a yes")
    func extractsAndNames() async throws {
        let world = World()
        let name = try Reference("shop:1.0")
        let extracted = Mutex<(FileLocation, FilePath)?>(nil)
        let heard = await Self.run(
            [
                "inside", "extract", "/no/such", "inside", "extract", "/etc/passwd", "/tmp/out", "name",
                ":1.0", "y", "0",
            ], world: world
        ) { clients in
            clients.image.extract = { location, path in
                extracted.withLock { $0 = (location, path) }
                return path
            }
            clients.image.tag = { _, _, _, replaces in replaces ? .tagged(name) : .taken(name) }
        }
        #expect(heard.contains("that did not work: shop:latest has no file /no/such"))
        let (location, path) = try #require(extracted.withLock { $0 })
        #expect(location == FileLocation(image: "shop:latest", source: .image(index: 2), path: "/etc/passwd"))
        #expect(path == "/tmp/out" && heard.contains("extracted to /tmp/out"))
        #expect(heard.contains("shop:1.0 is a name of the image now"), "\(heard)")
        #expect(heard.contains("shop:1.0 is another image now, which loses the name. Take it?"))
    }

    @Test("images and caches are listed; nothing goes without a yes, and what goes is what was said")
    func housekeeping() async throws {
        let plans = Mutex<[[String]]>([])
        let keep: @Sendable (inout ConsoleClients) -> Void = { clients in
            clients.images.holdings = { try ImagesScenes.holdings() }
            clients.images.carryOut = { plan in
                plans.withLock { $0.append(plan.steps.map(\.name)) }
                return Pruning.Outcome(freed: plan.bytes, kept: [])
            }
            clients.images.verify = { name in name.familiarName == "shop:1.0" ? ["blob bb is damaged"] : [] }
        }
        let heard = await Self.run(
            [
                "images", "remove an image", "shop:1.0", "n", "remove an image", "shop:1.0", "y", "cache", "2", "y",
                "prune", "2", "y", "verify", "back", "0",
            ], change: keep)
        let all = plans.withLock { $0 }
        #expect(all.count == 3 && all[0] == ["shop:1.0"] && all[1] == ["the cache of /home/ann/shop"], "\(all)")
        #expect(all[2].contains("the previous image of shop:latest"))
        #expect(heard.contains("nothing was removed"))
        #expect(heard.contains("shop:latest, ") && heard.contains("built from /home/ann/shop"))
        #expect(heard.contains("the project is gone"))
        #expect(heard.contains("shop:1.0 is damaged: blob bb is damaged") && heard.contains("shop:latest is right"))
    }
}
