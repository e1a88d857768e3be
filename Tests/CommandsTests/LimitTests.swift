import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Commands

@Suite("What a program in the sandbox may use")
struct LimitTests {
    private func run(
        _ script: String, _ limits: ResourceLimits = .files, binds: [Sandbox.Bind] = [], scopes: ScopeProbe? = nil,
        environment: [String: String] = [:]
    ) async throws -> (end: Termination, text: String) {
        let output = OutputCollector()
        let command = Command(
            "sh", ["-c", script], environment: environment.merging(["PATH": "/usr/bin:/bin"]) { $1 },
            workingDirectory: "/", sandbox: Sandbox(binds: binds, limits: limits))
        let end = try await SubprocessCommandRunner(scopes: scopes).run(command, onOutput: output.take)
        return (end, output.text)
    }

    @Test("It writes no core file and no file above the limit; its address space has none, which the BEAM reserves")
    func files() async throws {
        try await withTemporaryFolder { folder in
            let limits = ResourceLimits(fileSize: 1 << 20)
            let written = try await run(
                "grep -E '^Max (core|file size|address)' /proc/self/limits; head -c 2097152 /dev/zero >/w/large; echo $?",
                limits, binds: [.init(folder, at: "/w", isWritable: true)])
            let words = written.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
            #expect(words.contains(["Max", "core", "file", "size", "0", "0", "bytes"]), "\(written)")
            #expect(words.contains(["Max", "file", "size", "1048576", "1048576", "bytes"]), "\(written)")
            #expect(words.contains(["Max", "address", "space", "unlimited", "unlimited", "bytes"]), "\(written)")
            #expect(words.last != ["0"])
            #expect(try folder.appending("large").readBytes().count == 1 << 20)
        }
    }

    /// Stands for `systemd-run`: makes a cgroup where it can, notes what it was asked, and becomes the program.
    private func systemd(_ folder: FilePath, in cgroup: FilePath? = nil) throws -> FilePath {
        let program = folder.appending("systemd-run")
        let scope = cgroup.map { "\($0)/scope-$$" } ?? ""
        try program.write(
            """
            #!/bin/sh
            echo "$*" >>'\(folder)/asked'
            \(cgroup == nil ? "" : "mkdir \(scope)")
            while [ "$1" != -- ]; do
              case "$1" in
                MemoryMax=*%) ;;
                MemoryMax=*) [ ! -e \(scope)/memory.max ] || echo "${1#*=}" >\(scope)/memory.max ;;
                TasksMax=*) [ ! -e \(scope)/pids.max ] || echo "${1#*=}" >\(scope)/pids.max ;;
              esac
              shift
            done
            shift
            \(cgroup == nil ? "" : "echo $$ >\(scope)/cgroup.procs")
            exec "$@"

            """, mode: 0o755)
        return program
    }

    @Test("Where systemd limits nothing, programs run without a scope, and the reason is known")
    func withoutScopes() async throws {
        try await withTemporaryFolder { folder in
            let absent = ScopeProbe(program: folder.appending("none"), isBooted: false)
            #expect(await absent.status() == ScopeProbe.Answer(reason: "systemd does not run here"))
            #expect(try await run("echo fine", .build, scopes: absent).text == "fine\n")
            // It starts, and has no cgroup to give.
            let idle = ScopeProbe(program: try systemd(folder), isBooted: true, isRoot: false)
            let answer = await idle.status()
            if answer.limitsProcesses || answer.limitsMemory { return }
            #expect(answer.reason?.contains("is delegated") == true, "\(answer)")
            #expect(try await run("echo fine", .build, scopes: idle).text == "fine\n")
            let asked = try folder.appending("asked").readText()
            #expect(asked.ranges(of: "--scope").count == 1)
            #expect(asked.hasPrefix("--user --scope --quiet --collect -p MemoryMax=90% -p TasksMax=16384 -- /bin/sh"))
        }
    }

    @Test("What leads to the user's systemd reaches systemd's program, and nothing in the sandbox")
    func environment() async throws {
        try await withTemporaryFolder { folder in
            let own = ["XDG_RUNTIME_DIR": "/run/user/4711", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/b", "OTHER": "x"]
            let probe = ScopeProbe(program: try systemd(folder), environment: own, isBooted: true)
            #expect(
                probe.environment == ["XDG_RUNTIME_DIR": "/run/user/4711", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/b"])
            let script = "env | grep -E 'XDG_RUNTIME|DBUS'; echo end"
            #expect(try await run(script, .build, scopes: probe).text == "end\n")
            let given = try await run(script, .build, scopes: probe, environment: ["XDG_RUNTIME_DIR": "/given"])
            #expect(given.text == "XDG_RUNTIME_DIR=/given\nend\n")
        }
    }

    /// A folder of cgroup version 2 with the controllers that limits need; `nil` where there is none to write to.
    fileprivate static let cgroup: FilePath? = {
        for place in ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"] {
            let root = FilePath(place)
            guard let controllers = try? root.appending("cgroup.controllers").readText(),
                ["memory", "pids"].allSatisfy(
                    controllers.split(whereSeparator: \.isWhitespace).map(String.init).contains)
            else { continue }
            let folder = root.appending("mixpack-test-\(getpid())")
            guard mkdir(folder.string, 0o755) == 0 else { continue }
            try? root.appending("cgroup.subtree_control").write("+memory +pids")
            try? folder.appending("cgroup.subtree_control").write("+memory +pids")
            return folder
        }
        return nil
    }()

    @Test(
        "In a delegated cgroup a program cannot make more processes than the limit, nor use more memory",
        .enabled(if: LimitTests.cgroup != nil, "no cgroup of version 2 with memory and pids can be made here"))
    func scopes() async throws {
        let cgroup = try #require(Self.cgroup)
        try await withTemporaryFolder { folder in
            let probe = ScopeProbe(program: try systemd(folder, in: cgroup), isBooted: true)
            #expect(await probe.status().limitsProcesses)
            let limits = ResourceLimits(fileSize: 1 << 30, memory: "67108864", processes: 20)
            let many = try await run("for i in $(seq 50); do sleep 1 & done; echo started", limits, scopes: probe)
            #expect(many.text.contains("fork") || !many.end.isSuccess, "\(many)")
            let large = try await run(
                "x=$(head -c 200000000 /dev/zero | tr '\\0' a); echo ${#x}", limits, scopes: probe)
            #expect(!large.text.contains("200000000"), "\(large)")
        }
    }

    @Test("What the sandbox gives is found from inside")
    func facts() async throws {
        let runner = SubprocessCommandRunner(scopes: nil)
        let facts = try await SandboxFacts(seenBy: runner, home: "/root")
        #expect(!facts.hasNetwork && !facts.seesHome && !facts.hasCapabilities && !facts.canWriteCores)
        #expect(facts.fileSize == 16 << 30)
        let open = SandboxFacts(
            reading: """
                CapEff:\t00000000000000ff
                    lo: 1 2
                  eth0: 1 2
                Max core file size        unlimited            unlimited            bytes
                Max file size             unlimited            unlimited            bytes
                home
                namespaces

                """)
        #expect(open.hasNetwork && open.seesHome && open.hasCapabilities && open.canWriteCores)
        #expect(open.canMakeNamespaces && open.fileSize == nil)
    }
}
