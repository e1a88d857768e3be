import Glibc
import RunImages
import SystemPackage
import TestSupport
import Testing

@Suite("A release in the machine's run image")
struct ReleaseInRunImageTests {
    @Test("It starts by the launcher as user 1000 in UTF-8, and TERM stops it in order")
    func starts() async throws {
        try await withTemporaryFolder { folder in
            let image = try await ReleaseImage(in: folder)
            #expect(try await RunImageCheck(image.runImage, blobs: image.store).findings(for: [image.release]) == [])
            let bundle = try await image.bundle(in: folder.appending("bundle"))
            let container = try bundle.start(name: "mixpack-run-image-\(getpid())")
            do {
                try await eventually("the release starting: \(container.program.errorOutput)") {
                    container.program.output.contains("started 1 44C6C370FD1859325F7119E96A81584E unicode utf8 é\n")
                }
                let end = try await container.exec(
                    "sh", "-c", "id -u; ls /lib >/dev/null; touch /tmp/x; echo $LANG; env | grep MIXPACK")
                #expect(end.lines == ["1000", "C.UTF-8"])
                let version = try await container.exec(ReleaseImage.home + "/bin/mini", "version")
                #expect(version.output == "mini 0.1.0\n", "\(version)")
                #expect(version.errorOutput.isEmpty)
                try await container.kill("TERM")
                let stopped = try await container.program.end(within: .seconds(20))
                #expect(stopped.status == 0)
                #expect(stopped.output.contains("stopped in order"))
                await container.remove()
            } catch {
                await container.remove()
                throw error
            }
        }
    }

    @Test("On a terminal one Ctrl-C stops it in order, at any moment of its start")
    func interrupt() async throws {
        try await withTemporaryFolder { folder in
            let bundle = try await ReleaseImage(in: folder).bundle(in: folder.appending("bundle"))
            let late = try start(bundle)
            defer { late.endNow() }
            try await late.wait(for: "started 1 ")
            late.send("\u{3}")
            let end = try await late.end(within: .seconds(20))
            #expect(end.status == 0)
            #expect(end.output.contains("stopped in order"))
            #expect(!end.output.contains("BREAK"))
            let early = try start(bundle)
            defer { early.endNow() }
            try await eventually("the launcher's watcher") {
                try children(of: early.id).flatMap(children).contains { try name(of: $0) == "ctrl-c-watcher\n" }
            }
            early.send("\u{3}")
            #expect(try await early.end(within: .seconds(20)).status == 0)
        }
    }

    private func children(of process: Int32) throws -> [Int32] {
        try FilePath("/proc/\(process)/task/\(process)/children").readText().split(separator: " ").compactMap {
            Int32($0)
        }
    }

    private func name(of process: Int32) throws -> String { try FilePath("/proc/\(process)/comm").readText() }

    /// Starts the image's process as the first of a namespace, on a terminal.
    private func start(_ bundle: ImageBundle) throws -> PseudoTerminal {
        let script = """
            mount --bind /dev "$1/dev" && mount -t proc proc "$1/proc" &&
            exec chroot --userspec=1000:1000 "$1" /usr/bin/env -i PATH=/usr/bin:/bin LANG=C.UTF-8 LC_ALL=C.UTF-8 \
                HOME=/home/app TERM=xterm RELEASE_DISTRIBUTION=none CNB_PLATFORM_API=0.15 /cnb/process/web
            """
        return try PseudoTerminal(
            try findTool("unshare", package: "util-linux"),
            ["--fork", "--pid", "--mount", "--net", "--kill-child", "sh", "-c", script, "sh", bundle.root.string])
    }
}
