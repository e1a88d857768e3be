import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

extension RealMix {
    /// The split release, started at the place that it has in an image, in a network and process namespace of its own.
    @Suite("A split release, started")
    struct StartedReleaseTests {
        private let program = "/layers/io.github.carlo-colombo.mix-release/release/bin"

        private func start(_ script: String, _ bench: Workbench, environment: [String: String] = [:]) async throws
            -> ProgramEnd
        {
            let words = [
                "--unshare-pid", "--unshare-net", "--unshare-ipc", "--tmpfs", "/", "--ro-bind", "/usr",
                "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64",
                "/lib64",
                "--ro-bind-try", "/etc/alternatives", "/etc/alternatives", "--ro-bind", "/etc/passwd", "/etc/passwd",
                "--ro-bind", "/etc/hosts", "/etc/hosts", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",
                "--ro-bind",
                bench.layers.string, "/layers/io.github.carlo-colombo.mix-release", "--chdir", "/tmp", "--clearenv",
                "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "LANG", "C.UTF-8",
            ]
            let variables = environment.flatMap { ["--setenv", $0.key, $0.value] }
            return try await run(
                try findTool("bwrap", package: "bubblewrap"), words + variables + ["--", "/bin/sh", "-c", script],
                within: .seconds(60))
        }

        private let wait = "until $R rpc ':ok' >/dev/null 2>&1; do kill -0 $P || exit 9; done"

        @Test("start, rpc, pid, eval, version and stop work from the layers, with one port on loopback and no epmd")
        func commands() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.bring(sample: "hello")
                _ = try await bench.build()
                let end = try await start(
                    """
                    R=\(program)/hello
                    $R version
                    $R start & P=$!
                    \(wait)
                    $R rpc 'IO.inspect({node(), to_string(:code.root_dir())})'
                    [ "$($R pid)" = "$P" ] && echo same pid
                    $R eval 'IO.puts(1 + 1)'
                    grep -c '^ *[0-9]*: 0100007F:' /proc/net/tcp; grep -c '^ *[0-9]*: 00000000:' /proc/net/tcp
                    grep -c : /proc/net/tcp6
                    ls -l /tmp/.*cookie | cut -c1-10
                    for f in /proc/[0-9]*/comm; do cat $f; done | grep -c epmd
                    $R stop; wait $P; echo end $?
                    """, bench)
                #expect(end.lines.contains("hello 0.1.0"), "\(end)")
                let root = "/layers/io.github.carlo-colombo.mix-release/base"
                #expect(end.lines.contains("{:\"hello@127.0.0.1\", \"\(root)\"}"), "\(end)")
                #expect(end.lines.contains("same pid"))
                #expect(end.lines.contains("2"))
                #expect(end.lines.contains("-rw-------"))
                #expect(end.lines.last == "end 0")
            }
        }

        @Test("A read-only /tmp or a given cookie, node or distribution do not stop the release")
        func given() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(SmallApp.files())
                _ = try await bench.build()
                let given = try await start(
                    """
                    R=\(program)/small; $R start & P=$!
                    \(wait)
                    $R rpc 'IO.inspect({node(), Node.get_cookie()})'; $R stop; wait $P; echo end $?; ls -A /tmp
                    """, bench, environment: ["RELEASE_COOKIE": "given"])
                #expect(given.lines.contains("{:\"small@127.0.0.1\", :given}"), "\(given)")
                #expect(given.lines.contains("end 0"))
                #expect(!given.output.contains("cookie\n"))
                let named = try await start(
                    """
                    R=\(program)/small; $R start & P=$!
                    \(wait)
                    $R rpc 'IO.inspect(node())'; grep -c '^ *[0-9]*: 00000000:238C' /proc/net/tcp
                    $R stop; wait $P; echo end $?
                    """, bench, environment: ["RELEASE_NODE": "me@127.0.0.2", "RELEASE_DISTRIBUTION": "name"])
                #expect(named.lines == [":\"me@127.0.0.2\"", "1", "end 0"], "\(named)")
                let locked = try await start(
                    "R=\(program)/small; $R eval 'IO.puts(1)'; echo $?", bench, environment: ["RELEASE_TMP": "/proc"])
                #expect(locked.lines == ["1", "0"], "\(locked)")
                #expect(locked.errorOutput.contains("set RELEASE_COOKIE"))
                let none = try await start(
                    "R=\(program)/small; $R eval 'IO.puts(node())'; $R version", bench,
                    environment: ["RELEASE_DISTRIBUTION": "none"])
                #expect(none.lines == ["nonode@nohost", "small 0.1.0"], "\(none)")
            }
        }

        @Test("A project that sets its own node, cookie and epmd is left alone, and that is said")
        func own() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                let release = ", releases: [small: [cookie: \"own-cookie\"]]"
                try bench.write(
                    SmallApp.files(
                        extra: release,
                        more: [
                            "rel/env.sh.eex": "export RELEASE_DISTRIBUTION=name\nexport RELEASE_NODE=own@127.0.0.1\n"
                        ]))
                _ = try await bench.build()
                let folder = bench.layers.appending("release/releases")
                let script = try folder.appending("0.1.0/env.sh").readText()
                #expect(script.contains("RELEASE_NODE=own@127.0.0.1"))
                #expect(!script.contains("erl_epmd_port"))
                #expect(bench.reports.notices.contains { $0.contains("node name or distribution") })
            }
        }
    }
}
