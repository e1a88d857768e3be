import SystemPackage
import TestSupport
import Testing

/// containerd alone, as k3s has it: what `k3s ctr images import` takes is what runs.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ContainerdTests {
    @Test("an OCI archive is imported under the name that Kubernetes looks for, runs, and answers rpc")
    func importAndRun() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            let archive = bench.folder.appending("hello.tar")
            _ = try await bench.tryBuild(project, as: "hello", ["--output", "oci-archive:\(archive)"]).succeeded()
            let script = bench.folder.appending("script")
            try script.write(try Self.script(archive, in: bench.folder), mode: 0o755)
            let end = try await TestSupport.run(
                try findTool("unshare", package: "util-linux"),
                [
                    "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private",
                    script.string,
                ], within: .seconds(90)
            ).succeeded()
            #expect(end.lines.contains("docker.io/library/hello:latest"), "\(end)")
            #expect(end.lines.contains("the node answers"), "\(end)")
        }
    }

    /// Starts containerd on folders of the test's own, imports, runs and asks.
    private static func script(_ archive: FilePath, in folder: FilePath) throws -> String {
        let containerd = try findTool("containerd")
        let ctr = try findTool("ctr", package: "containerd")
        try folder.appending("containerd.toml").write(
            """
            version = 2
            root = "\(folder)/containerd"
            state = "/run/containerd-test"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
            address = "/run/containerd-test.sock"

            """)
        return """
            #!/bin/sh
            set -e
            ip link set lo up
            # Sockets want short paths.
            mount -t tmpfs none /run
            '\(containerd)' -c '\(folder)/containerd.toml' > '\(folder)/containerd.log' 2>&1 &
            ctr() { '\(ctr)' -a /run/containerd-test.sock "$@"; }
            for i in $(seq 100); do test -S /run/containerd-test.sock && break; sleep 0.1; done
            ctr images import '\(archive)'
            ctr images ls -q
            ctr run -d --net-host docker.io/library/hello:latest c
            for i in $(seq 100); do
                ctr tasks exec --exec-id "x$i" c \(Workbench.release)/bin/hello rpc 'IO.puts("the node answers")' && break
                sleep 0.3
            done
            ctr tasks kill c
            for i in $(seq 100); do ctr tasks ls | grep -q STOPPED && break; sleep 0.1; done
            ctr tasks rm c
            umount -l '\(folder)/containerd' 2> /dev/null || true

            """
    }
}
