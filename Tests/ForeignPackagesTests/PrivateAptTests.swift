import Commands
import Diagnostics
import Files
import Glibc
import RunImages
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import ForeignPackages

@Suite("An apt for another processor", .serialized)
struct PrivateAptTests {
    private let arm64: DebianArchitecture
    private let notices = Notices()

    init() throws { arm64 = try #require(DebianArchitecture.all.first { $0.name == "arm64" }) }

    private func apt(_ machine: AptMachine, _ folder: FilePath, day: String = "1") -> PrivateApt {
        PrivateApt(
            arm64, machine: machine, cache: folder.appending("cache"), runner: SubprocessCommandRunner(), day: day,
            notice: notices.add)
    }

    private func mirror(_ folder: FilePath, authorization: String? = nil) async throws -> MadeMirror {
        try await MadeMirror(
            folder, arm64, [.init(files: ["/usr/bin/one": tinyElf(arm64)])], authorization: authorization)
    }

    @Test("Lists are fetched once a day, packages are what the lists say, and each fetch is named before")
    func fetch() async throws {
        try await withTemporaryFolder { folder in
            let mirror = try await mirror(folder)
            let machine = try mirror.machine(folder.appending("machine"))
            let first = apt(machine, folder)
            let records = try await first.records(of: ["one", "none"])
            #expect(records.map(\.name) == ["one"] && records.first?.version.description == "1.0-1")
            let host = "127.0.0.1:\(mirror.server.port)"
            #expect(notices.all == ["fetching the lists of packages for arm64 from \(host)"])
            let lists = mirror.server.requests.count
            let files = try await first.fetch(records, to: try ScratchFolder(in: folder).path)
            let file = try #require(files["one"])
            #expect(try file.readBytes() == mirror.file(of: "one").readBytes())
            #expect(notices.all.last?.hasPrefix("fetching one for arm64 (") == true)
            #expect(notices.all.last?.hasSuffix(" from \(host)") == true)
            let again = try await apt(machine, folder).records(of: ["none"])
            #expect(again.isEmpty && mirror.server.requests.count == lists + 1)
            _ = try await apt(machine, folder, day: "2").records(of: ["one"])
            let kept = try folder.appending("cache/lists/arm64").names()
            #expect(kept == ["2", "lock"] && notices.all.count == 3)
            // Nothing of apt's is left but that.
            #expect(try folder.appending("cache/lists").names() == ["arm64"])
        }
    }

    @Test("Lists that were changed after they were signed are refused, also where good ones are kept of another day")
    func signature() async throws {
        try await withTemporaryFolder { folder in
            let mirror = try await mirror(folder)
            let machine = try mirror.machine(folder.appending("machine"))
            _ = try await apt(machine, folder).records(of: ["one"])
            let signed = mirror.distribution.appending("InRelease")
            let text = try signed.readText()
            try signed.write(text.replacing("Origin: Example", with: "Origin: Exemple"))
            for day in ["2", "3"] {
                let refusal = await #expect(throws: Failure.self) {
                    try await apt(machine, folder, day: day).records(of: ["one"])
                }
                #expect(refusal?.code == .fetchFailed)
                #expect(refusal?.message.contains("not signed") == true, "\(refusal?.message ?? "")")
            }
            #expect(try folder.appending("cache/lists/arm64").names() == ["1", "lock"])
            // Signed, but by somebody whom the machine does not trust.
            let other = try await MadeMirror(folder.appending("other"), arm64, [])
            try signed.write(text)
            let stranger = try other.machine(folder.appending("stranger"), address: mirror.server.url + "/debian")
            let refusal = await #expect(throws: Failure.self) {
                try await apt(stranger, folder, day: "4").records(of: ["one"])
            }
            #expect(refusal?.message.contains("not signed") == true, "\(refusal?.message ?? "")")
        }
    }

    @Test(
        "A package that is not what the lists say is refused, and a mirror that went on within the day is asked again")
    func otherBytes() async throws {
        try await withTemporaryFolder { folder in
            let mirror = try await mirror(folder)
            let machine = try mirror.machine(folder.appending("machine"))
            let apt = apt(machine, folder)
            let records = try await apt.records(of: ["one"])
            let good = try mirror.file(of: "one").readBytes()
            try Corruption.flip(mirror.file(of: "one"))
            let refusal = await #expect(throws: Failure.self) {
                try await apt.fetch(records, to: try ScratchFolder(in: folder).path)
            }
            #expect(refusal?.code == .fetchFailed)
            #expect(refusal?.message.contains("Hash Sum mismatch") == true, "\(refusal?.message ?? "")")
            try mirror.file(of: "one").replace(with: good)
            // The same version with other bytes: only new lists know them.
            try await mirror.fill([.init(files: ["/usr/bin/one": tinyElf(arm64, "again")])])
            let later = self.apt(machine, folder)
            let files = try await later.fetch(records, to: try ScratchFolder(in: folder).path)
            #expect(try files["one"]?.readBytes() == mirror.file(of: "one").readBytes())
        }
    }

    @Test("Passwords of auth.conf.d and proxies count, and neither gets into a file or a message")
    func waysOut() async throws {
        try await withTemporaryFolder { folder in
            // "me:word" and "user:hush" in base64.
            let mirror = try await mirror(folder, authorization: "Basic bWU6d29yZA==")
            let machine = folder.appending("machine")
            let refusal = await #expect(throws: Failure.self) {
                try await apt(try mirror.machine(machine), folder).records(of: ["one"])
            }
            #expect(refusal?.message.contains("401") == true, "\(refusal?.message ?? "")")
            try machine.appending("etc/apt/auth.conf.d/mirror.conf").write(
                "machine \(mirror.server.url) login me password word\n")
            #expect(try await apt(try mirror.machine(machine), folder).records(of: ["one"]).count == 1)

            let proxy = try FileServer(
                serving: folder.appending("none"), authorizations: ["http": "Basic dXNlcjpodXNo"])
            let address = "http://mirror.invalid/debian"
            for dump in [
                "Acquire::http::Proxy \"http://user:hush@127.0.0.1:\(proxy.port)/\";\n",
                "Acquire::http::Proxy \"http://127.0.0.1:\(proxy.port)/\";\nAPT::Update::Post-Invoke:: \"false\";\n",
            ] {
                let through = try mirror.machine(folder.appending("through"), dump: dump, address: address)
                #expect(!through.settings.joined().contains("hush") && !through.settings.joined().contains("Invoke"))
                let end = await #expect(throws: Failure.self) {
                    try await apt(through, folder, day: "2").records(of: ["one"])
                }
                // Who is let in hears that there is nothing.
                let answer = dump.contains("hush") ? "does not have a Release file" : "401"
                let message = end?.message ?? ""
                #expect(message.contains(answer), "\(message)")
                #expect(!message.contains("hush"))
            }
            #expect(proxy.requests.contains("GET http://mirror.invalid/debian/dists/bookworm/InRelease"))
            let secret = #expect(throws: Failure.self) {
                try mirror.machine(folder.appending("secret"), address: "http://me:hush@mirror.invalid/debian")
            }
            #expect(secret?.code == .unsupported && secret?.message.contains("hush") == false)
        }
    }

    @Test("It can be cancelled while a mirror does not answer, and leaves nothing", .timeLimit(.minutes(1)))
    func cancel() async throws {
        try await withTemporaryFolder { folder in
            let mirror = try await mirror(folder)
            let (socket, port) = try TCPSocket.listen()
            defer { close(socket) }
            let machine = try mirror.machine(
                folder.appending("machine"), address: "http://127.0.0.1:\(port)/debian")
            let apt = apt(machine, folder)
            let work = Task { try await apt.records(of: ["one"]) }
            try await eventually("a fetch") { notices.all.count == 1 }
            try await Task.sleep(for: .milliseconds(300))
            work.cancel()
            await #expect(throws: CancellationError.self) { try await work.value }
            #expect(try folder.appending("cache/lists").names() == ["arm64"])
            #expect(try folder.appending("cache/lists/arm64").names() == ["lock"])
        }
    }
}

/// What was told, in order.
final class Notices: Sendable {
    private let texts = Mutex<[String]>([])
    var all: [String] { texts.withLock { $0 } }
    var add: @Sendable (String) -> Void { { text in self.texts.withLock { $0.append(text) } } }
}
