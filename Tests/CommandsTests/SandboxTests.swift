import Diagnostics
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Commands

@Suite("The sandbox")
struct SandboxTests {
    private let runner = SubprocessCommandRunner(grace: .milliseconds(300))

    private func run(
        _ script: String, binds: [Sandbox.Bind] = [], network: Bool = false, in folder: FilePath = "/"
    ) async throws -> (end: Termination, text: String) {
        let output = OutputCollector()
        let command = Command(
            "sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: folder,
            sandbox: Sandbox(binds: binds, hasNetwork: network))
        let end = try await runner.run(command, onOutput: output.take)
        return (end, output.text)
    }

    @Test("It works on this machine, and the answer is worked out once")
    func works() async throws {
        let folder = try makeTemporaryFolder()
        defer { removeTree(folder) }
        #expect(await SandboxProbe().status() == .available)
        let bubblewrap = try findTool("bwrap", package: "bubblewrap")
        let program = folder.appending("bwrap")
        try program.write("#!/bin/sh\necho asked >>'\(folder)/asked'\nexec \(bubblewrap) \"$@\"\n", mode: 0o755)
        let probe = SandboxProbe(program: program)
        for _ in 0..<100 { #expect(await probe.status() == .available) }
        // Once with user namespaces forbidden in the sandbox, and once more where bubblewrap cannot do that.
        let asked = try folder.appending("asked").readText()
        #expect(["asked\n", "asked\nasked\n"].contains(asked), "\(asked)")
    }

    @Test("A program sees the machine's programs, its binds, and nothing else")
    func view() async throws {
        let folder = try makeTemporaryFolder()
        defer { removeTree(folder) }
        try folder.appending("file").write("hello\n")
        let seen = try await run(
            "pwd; cat file; ls -A / | tr '\\n' ' '; ls -A /root /home /tmp 2>/dev/null | wc -l; ls /etc | grep shadow; echo .",
            binds: [.init(folder, at: "/workspace")], in: "/workspace")
        #expect(seen.end.isSuccess)
        let lines = seen.text.split(separator: "\n")
        #expect(lines.first == "/workspace")
        #expect(lines.dropFirst().first?.hasPrefix("hello") == true)
        #expect(seen.text.contains("workspace"))
        for hidden in ["root", "home", "work ", "srv", "opt", "boot", "mnt"] {
            #expect(!seen.text.contains(" \(hidden) "))
        }
        #expect(!seen.text.contains("shadow"))
    }

    @Test("Only binds that are writable can be written to, and nothing else can")
    func writes() async throws {
        let folder = try makeTemporaryFolder()
        defer { removeTree(folder) }
        try folder.appending("read/file").write("old")
        try folder.appending("write/file").write("old")
        let binds: [Sandbox.Bind] = [
            .init(folder.appending("read"), at: "/read"),
            .init(folder.appending("write"), at: "/write", isWritable: true),
        ]
        let script = """
            for file in /read/file /write/file /new /usr/new /etc/new; do
              (printf new > $file) 2>/dev/null && echo "$file yes" || echo "$file no"
            done
            """
        #expect(
            try await run(script, binds: binds).text == """
                /read/file no
                /write/file yes
                /new no
                /usr/new no
                /etc/new no

                """)
        #expect(try folder.appending("write/file").readText() == "new")
        #expect(try folder.appending("read/file").readText() == "old")
    }

    /// A folder that has what a root needs, and sees the machine's programs.
    private func emptyRoot(in folder: FilePath) throws -> Sandbox {
        let root = folder.appending("root")
        for name in ["usr", "proc", "dev", "tmp", "layers"] { try root.appending("\(name)/.keep").write("") }
        for name in ["bin", "lib", "lib64"] {
            symlink("usr/\(name)", root.appending(name).string)
        }
        return Sandbox(binds: [.init("/usr", at: "/usr")], root: SandboxRoot(root))
    }

    /// Users of the sandbox are numbers of the machine that nobody has.
    private static let range = HostRange(first: 1_900_000_000, count: 65_536)

    @Test(
        "in a root of its own a program is the user that is asked for; files keep their owners, and changes stay apart",
        arguments: [true, false])
    func rootWithUsers(isOver: Bool) async throws {
        try #require(geteuid() == 0, "the tests run as root")
        let folder = try makeTemporaryFolder()
        defer { removeTree(folder) }
        var sandbox = try emptyRoot(in: folder)
        try folder.appending("bound").makeFolder()
        try folder.appending("changes").makeFolder()
        let root = folder.appending("root")
        for name in ["", "own", "closed"] {
            if !name.isEmpty { try root.appending(name).write(name, mode: 0o600) }
            let owner = name == "own" ? Self.range.number(1234) : Self.range.first
            #expect(lchown(root.appending(name).string, uid_t(owner), gid_t(owner)) == 0)
        }
        #expect(lchown(folder.appending("bound").string, uid_t(Self.range.number(1234)), 0) == 0)
        sandbox.root?.user = .init(id: 1234, group: 1235, range: Self.range)
        sandbox.root?.changes = isOver ? .apart(folder.appending("changes")) : .kept
        sandbox.binds.append(.init(folder.appending("bound"), at: "/layers", isWritable: true))
        let script = """
            echo "$(id -u):$(id -g) $(id -G)"; stat -c %u /own /closed /; cat /own; echo
            cat /closed 2>/dev/null || echo closed
            cat /proc/self/uid_map | tr -s ' '
            sed -n 's/^CapEff:[[:space:]]*//p; s/^CapBnd:[[:space:]]*//p' /proc/self/status
            echo new > /own; echo made > /layers/made
            touch /other 2>/dev/null || echo refused; unshare -U true 2>/dev/null || echo "no namespaces"
            echo "$PATH $index $root"
            """
        let output = OutputCollector()
        let command = Command(
            "/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin", "index": "i", "root": "r"],
            workingDirectory: "/", sandbox: sandbox)
        #expect(try await runner.run(command, onOutput: output.take).isSuccess, "\(output.text)")
        let none = "0000000000000000"
        #expect(
            output.text.split(separator: "\n").map(String.init)
                == [
                    "1234:1235 1235", "1234", "0", "0", "own", "closed", " 0 1900000000 65536", none, none, "refused",
                    "no namespaces", "/usr/bin:/bin i r",
                ], "\(output.text)")
        #expect(try root.appending("own").readText() == (isOver ? "own" : "new\n"))
        if isOver { #expect(try folder.appending("changes/upper/own").readText() == "new\n") }
        var status = stat()
        #expect(stat(folder.appending("bound/made").string, &status) == 0)
        #expect(Int(status.st_uid) == Self.range.number(1234))
    }

    @Test("a range of users is for root with all of the machine's numbers; root in a namespace of a user's has too few")
    func ranges() {
        let whole = "         0          0 4294967295\n"
        #expect(HostRange(user: 0, map: whole)?.count == 65_536)
        #expect(HostRange(user: 1000, map: whole) == nil)
        for map in ["0 1000 1\n", "0 1000 1\n1 100000 65536\n", "", "1000 0 4294967295"] {
            #expect(HostRange(user: 0, map: map) == nil, "\(map)")
        }
        #expect(Self.range.number(0) == 1_900_000_000 && Self.range.number(70_000) == 1_900_065_534)
    }

    @Test(
        "root, too, has no capability inside: nothing is mounted, no device made, no setting of the kernel written",
        arguments: [(false, false), (true, false), (false, true)])
    func confined(hasNetwork: Bool, hasRoot: Bool) async throws {
        try #require(geteuid() == 0, "the tests run as root")
        let folder = try makeTemporaryFolder()
        defer { removeTree(folder) }
        let sandbox = try hasRoot ? emptyRoot(in: folder) : Sandbox(binds: [], hasNetwork: hasNetwork)
        let script = """
            sed -n 's/^CapEff:[[:space:]]*//p; s/^CapBnd:[[:space:]]*//p' /proc/self/status
            tr -s ' ' < /proc/self/uid_map
            attempt() { if "$@" >/dev/null 2>&1; then echo "works: $*"; else echo refused; fi; }
            attempt mount -o remount,rw /usr
            attempt mount -o remount,rw /proc
            attempt mount -t tmpfs none /tmp
            attempt mount --bind /tmp /usr/share
            attempt umount /usr
            attempt mknod /tmp/disk b 8 0
            attempt chroot / true
            attempt unshare -U true
            attempt unshare -Urm mount -o remount,rw /usr
            for setting in vm/swappiness kernel/core_pattern kernel/hostname; do
                attempt sh -c "cat /proc/sys/$setting > /tmp/kept && cat /tmp/kept > /proc/sys/$setting"
            done
            """
        let output = OutputCollector()
        let command = Command(
            "sh", ["-c", script], environment: ["PATH": "/usr/sbin:/usr/bin:/bin"], workingDirectory: "/",
            sandbox: sandbox)
        #expect(try await runner.run(command, onOutput: output.take).isSuccess)
        let none = "0000000000000000"
        #expect(
            output.text.split(separator: "\n").map(String.init)
                == [none, none, " 0 0 1"] + [String](repeating: "refused", count: 12))
    }

    @Test("A variable that loaders follow reaches the program, and not bubblewrap, which runs outside")
    func loaders() async throws {
        let output = OutputCollector()
        let command = Command(
            "sh", ["-c", "echo \"$LD_LIBRARY_PATH $PLAIN\""],
            environment: [
                "PATH": "/usr/bin:/bin", "LD_PRELOAD": "/nowhere/evil.so", "LD_LIBRARY_PATH": "/a b", "PLAIN": "c",
            ], workingDirectory: "/", sandbox: Sandbox(binds: []))
        #expect(try await runner.run(command, onOutput: output.take).isSuccess)
        let lines = output.text.split(separator: "\n").map(String.init)
        #expect(lines.last == "/a b c")
        // The loader complains once a program that it starts: the shell, and none before it.
        #expect(lines.filter { $0.contains("/nowhere/evil.so") }.count == 1, "\(output.text)")
    }

    @Test("No other variable becomes a word of bubblewrap's command, which every user of the machine can read")
    func secretsAndLoaders() async throws {
        let output = OutputCollector()
        let command = Command(
            "sh", ["-c", "echo $LD_SDK_KEY; echo ready; sleep 5"],
            environment: ["PATH": "/usr/bin:/bin", "LD_SDK_KEY": "sdk-\(getpid())-s3cret", "MALLOC_TOKEN": "hunter2"],
            workingDirectory: "/", sandbox: Sandbox(binds: []))
        let task = Task { try await runner.run(command, onOutput: output.take) }
        await output.contains("ready")
        let words = try await TestSupport.run("/bin/ps", ["-eo", "args"]).succeeded().output
        task.cancel()
        _ = await task.result
        #expect(output.text.hasPrefix("sdk-\(getpid())-s3cret\n"))
        #expect(words.contains("echo $LD_SDK_KEY"))
        #expect(!words.contains("sdk-\(getpid())-s3cret") && !words.contains("hunter2"))
    }

    @Test("Files of another user are nobody's inside: git reads such a repository, and tar gives no owners")
    func owners() async throws {
        try #require(geteuid() == 0, "the tests run as root")
        let folder = try makeTemporaryFolder()
        defer { removeTree(folder) }
        let prepare = """
            umask 022
            git init -q repository && git -C repository -c user.name=a -c user.email=a@b commit -q --allow-empty -m first
            mkdir out && touch file && tar -c --owner=4711 --group=4711 -f archive.tar file
            chown -R 65534:65534 repository
            """
        _ = try await TestSupport.run("/bin/sh", ["-ec", prepare], workingDirectory: folder).succeeded()
        let seen = try await run(
            "git -C /work/repository log --format=%s && tar -C /work/out -xf /work/archive.tar && ls /work/out",
            binds: [.init(folder, at: "/work", isWritable: true)])
        #expect(seen.text == "first\nfile\n")
    }

    @Test("Settings that git has already, and options that tar has, stay as they are")
    func settings() {
        let given = [
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b", "GIT_CONFIG_VALUE_0": "c", "TAR_OPTIONS": "-v",
        ]
        #expect(
            SandboxEnvironment(isRoot: true).adding(to: given)
                == given.merging(
                    [
                        "GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_1": "safe.directory", "GIT_CONFIG_VALUE_1": "*",
                        "GIT_DISCOVERY_ACROSS_FILESYSTEM": "1",
                    ]
                ) { $1 })
        #expect(SandboxEnvironment(isRoot: false).adding(to: [:])["TAR_OPTIONS"] == nil)
        for count in ["9223372036854775807", "-1", "x"] {
            let odd = SandboxEnvironment(isRoot: false).adding(to: ["GIT_CONFIG_COUNT": count])
            #expect(odd["GIT_CONFIG_COUNT"] == "1" && odd["GIT_CONFIG_VALUE_0"] == "*")
        }
    }

    @Test("Processes of the machine are not there, and the network only where asked for")
    func namespaces() async throws {
        let alone = try await run("ls -d /proc/[0-9]* | wc -l; wc -l < /proc/net/dev")
        let counts = alone.text.split(separator: "\n").compactMap { Int($0) }
        #expect(counts.count == 2)
        #expect(counts.first.map { $0 < 8 } == true)
        #expect(counts.last == 3)
        let outside = try await TestSupport.run("/usr/bin/readlink", ["/proc/self/ns/net"]).succeeded()
        #expect(try await run("readlink /proc/self/ns/net", network: true).text == outside.output)
    }

    @Test("An exit code comes through", arguments: [0, 1, 51, 137])
    func exits(code: Int32) async throws {
        #expect(try await run("exit \(code)").end == .exited(code))
    }

    @Test("Cancelling ends everything in it")
    func cancels() async throws {
        let output = OutputCollector()
        let marker = "31.\(getpid())"
        let command = Command(
            "sh", ["-c", "(setsid sleep \(marker) &); echo ready; sleep \(marker)"],
            environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/", sandbox: Sandbox(binds: []))
        let task = Task { try await runner.run(command, onOutput: output.take) }
        await output.contains("ready")
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await expectNoProcess(marker)
    }

    @Test("A killed parent leaves no process behind")
    func dies() async throws {
        let marker = "32.\(getpid())"
        let words = BubblewrapArguments(Sandbox(binds: []), workingDirectory: "/").words
        let inner = (["bwrap"] + words + ["--", "sh", "-c", "(setsid sleep \(marker) &); echo ready; sleep \(marker)"])
            .map(ShellWord.quoted).joined(separator: " ")
        let output = OutputCollector()
        // KILL of the leader alone, as the kernel or a user would do it to mixpack.
        let killer = Command(
            "sh", ["-c", "sh -c \"$1\" & pid=$!; sleep 0.4; kill -9 $pid; wait $pid", "sh", "\(inner); true"],
            environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/")
        _ = try await runner.run(killer, onOutput: output.take)
        #expect(output.text.contains("ready"))
        try await expectNoProcess(marker)
    }

    @Test("It works for an ordinary user too")
    func unprivileged() async throws {
        try #require(geteuid() == 0)
        let words = BubblewrapArguments(Sandbox(binds: []), workingDirectory: "/").words
        let output = OutputCollector()
        let command = Command(
            "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "bwrap"] + words + ["--", "id", "-u"],
            environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/")
        #expect(try await runner.run(command, onOutput: output.take).isSuccess)
        #expect(output.text == "65534\n")
    }

    @Test("Without bubblewrap the probe says what to install, and a command is refused")
    func missing() async throws {
        let probe = SandboxProbe(program: "/nowhere/bwrap")
        guard case .unavailable(_, let advice) = await probe.status() else {
            Issue.record("a sandbox without bubblewrap")
            return
        }
        #expect(!advice.isEmpty)
        let error = await #expect(throws: Failure.self) {
            try await SubprocessCommandRunner(probe: probe).run(
                Command("true", workingDirectory: "/", sandbox: Sandbox(binds: []))
            ) { _ in }
        }
        #expect(error?.message.contains(": no sandbox: ") == true)
    }

    @Test(
        "A restricted machine names the setting in the way, and what lifts it",
        arguments: [
            (
                "kernel/unprivileged_userns_clone", "0\n",
                "allow them: sudo sysctl -w kernel.unprivileged_userns_clone=1"
            ),
            ("user/max_user_namespaces", "0\n", "allow them: sudo sysctl -w user.max_user_namespaces=15000"),
        ])
    func restricted(setting: String, value: String, cure: String) async throws {
        try await withRefusal(setting, value) { reason, advice, name in
            #expect(reason.contains(name))
            #expect(reason.contains("Permission denied"))
            #expect(advice == cure)
        }
    }

    /// Ubuntu 24.04 as it is, with the package of profiles, and a later Ubuntu whose profile is not loaded.
    @Test(
        "Where AppArmor restricts, bubblewrap's own profile is advised, and the protection stays on",
        arguments: [
            (
                [],
                "sudo apt-get install -y apparmor-profiles && sudo install -m 644 "
                    + "/usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ && "
                    + "sudo apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict"
            ),
            (
                ["usr/share/apparmor/extra-profiles/bwrap-userns-restrict"],
                "sudo install -m 644 /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ && "
                    + "sudo apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict"
            ),
            (
                ["etc/apparmor.d/bwrap-userns-restrict"],
                "sudo apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict"
            ),
        ])
    func appArmor(files: [String], cure: String) async throws {
        try await withRefusal("kernel/apparmor_restrict_unprivileged_userns", "1\n", files) { reason, advice, name in
            #expect(reason.contains("\(name)=1"))
            #expect(advice == "load AppArmor's profile for bubblewrap: \(cure)")
            #expect(!advice.contains("sysctl"))
        }
    }

    /// What a probe says on a machine with a setting and some files, where bubblewrap does not start.
    private func withRefusal(
        _ setting: String, _ value: String, _ files: [String] = [],
        _ body: (_ reason: String, _ advice: String, _ setting: String) -> Void
    ) async throws {
        let folder = try makeTemporaryFolder()
        defer { removeTree(folder) }
        try folder.appending("bwrap").write(
            "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied'\nexit 1\n", mode: 0o755)
        try folder.appending(setting).write(value)
        for file in files { try folder.appending("root").appending(file).write("profile") }
        let probe = SandboxProbe(
            program: folder.appending("bwrap"), settings: folder, root: folder.appending("root"))
        guard case .unavailable(let reason, let advice) = await probe.status() else {
            Issue.record("a sandbox by a program that fails")
            return
        }
        body(reason, advice, setting.split(separator: "/").joined(separator: "."))
    }

    private func expectNoProcess(_ marker: String) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        var found = ""
        repeat {
            let output = OutputCollector()
            let command = Command(
                "pgrep", ["-fx", "sleep \(marker)"], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/")
            _ = try await runner.run(command, onOutput: output.take)
            found = output.text
        } while !found.isEmpty && ContinuousClock.now < deadline
        #expect(found.isEmpty)
    }
}
