import Glibc
import SystemPackage
import TestSupport

/// The processor that this machine does not have, of the two that images are made for.
enum OtherProcessor {
    #if arch(arm64)
        static let name = "amd64"
        static let processor = "x86_64"
        static let machine: UInt16 = 62
    #else
        static let name = "arm64"
        static let processor = "aarch64"
        static let machine: UInt16 = 183
    #endif

    /// Whether the tests' build has a launcher for it: the scripts fetch a C library for that.
    static let hasLauncher: Bool = {
        guard let program = try? builtProgram("mixpack") else { return false }
        return program.removingLastComponent().appending("mixpack-launcher-\(name)").exists
    }()

    /// The `e_machine` of every ELF file below a folder, by path.
    static func machines(below folder: FilePath) async throws -> [String: UInt16] {
        var machines: [String: UInt16] = [:]
        let found = try await run(try findTool("find"), [folder.string, "-type", "f"]).succeeded()
        for path in found.lines.map({ FilePath($0) }) {
            guard let descriptor = try? FileDescriptor.open(path, .readOnly, options: .noFollow) else { continue }
            defer { try? descriptor.close() }
            var start = [UInt8](repeating: 0, count: 20)
            let count = try start.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            guard count == 20, start.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { continue }
            machines[path.string] = UInt16(start[18]) | UInt16(start[19]) << 8
        }
        return machines
    }

    /// Debian's emulator, unpacked and not installed, so that nothing is registered on the machine; `nil` where it cannot be
    /// had.
    static func emulator(in folder: FilePath) async throws -> FilePath? {
        let mount = "mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc"
        guard try await run(try findTool("unshare"), ["-Urm", "/bin/sh", "-c", mount]).status == 0 else {
            print("not booted: this kernel has no binfmt_misc in user namespaces")
            return nil
        }
        let place = folder.appending("emulator")
        try place.makeFolder()
        // apt fetches as a user of its own where it may.
        let script = """
            apt-get -o APT::Sandbox::User= download -q qemu-user-static && dpkg-deb -x qemu-user-static_*.deb .
            """
        let end = try await run("/bin/sh", ["-c", script], workingDirectory: place)
        let program = place.appending("usr/bin/qemu-\(processor)-static")
        guard end.status == 0, program.exists else {
            print("not booted: qemu-user-static cannot be had: \(end.errorOutput.suffix(200))")
            return nil
        }
        return program
    }

    /// A script that runs a command in an image's files, in the namespaces of `unshare -Urm`.
    static func script(
        _ root: FilePath, _ emulator: FilePath, in folder: FilePath, environment: [String: String] = [:]
    ) throws -> FilePath {
        let more = environment.sorted { $0.key < $1.key }.map { "--setenv \($0.key) '\($0.value)' " }.joined()
        // As Debian's own file for the emulator has it; F opens the emulator now, not in the image.
        let number = machine == 183 ? "\\xb7" : "\\x3e"
        let rule =
            #":q:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00"# + number
            + #"\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:"#
            + "\(emulator):F"
        let file = folder.appending("emulated.sh")
        // The emulator's JIT needs what perf needs of the VM's.
        try file.write(
            """
            set -e
            mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
            printf '%s' '\(rule)' >/proc/sys/fs/binfmt_misc/register
            exec bwrap --bind '\(root)' / --proc /proc --dev /dev --unshare-pid --clearenv \\
                --setenv PATH /cnb/process:/cnb/lifecycle:/usr/bin:/bin --setenv CNB_LAYERS_DIR /layers \\
                --setenv CNB_APP_DIR /workspace --setenv CNB_PLATFORM_API 0.14 --setenv LANG C.UTF-8 \\
                \(more)--setenv HOME /tmp --setenv ERL_ZFLAGS '+JPperf true' --chdir /workspace "$@"

            """)
        return file
    }

    /// Boots its image of an index, asks it for a page, and kills it; `nil` where there is no emulator.
    /// - Parameter environment: with `PORT`.
    static func answer(
        of layout: FilePath, tag: String, in folder: FilePath, environment: [String: String]
    ) async throws -> String? {
        guard let emulator = try await emulator(in: folder) else { return nil }
        let alone = folder.appending("other-layout")
        _ = try await run(
            try findTool("skopeo"),
            ["--override-arch", name, "copy", "--quiet", "oci:\(layout):\(tag)", "oci:\(alone):\(tag)"]
        ).succeeded()
        let bundle = try await ImageBundle(layout: alone, tag: tag, unpackedTo: folder.appending("other-bundle"))
        let found = try await machines(below: bundle.root)
        guard found.count > 30, Set(found.values) == [machine] else {
            throw TestSupportError("not for \(name) alone: \(found.filter { $0.value != machine })")
        }
        let script = try script(bundle.root, emulator, in: folder, environment: environment)
        let program = try RunningProgram(
            try findTool("unshare"), ["-Urm", "/bin/sh", script.string, "/cnb/process/web"])
        defer { program.sendToGroup(SIGKILL) }
        var body: String?
        try await eventually("an answer: \(program.output)", within: .seconds(120)) {
            let url = "http://127.0.0.1:\(environment["PORT"] ?? "4000")/"
            let end = try await run(try findTool("curl"), ["-sSf", "--max-time", "20", url])
            body = end.status == 0 ? end.output : nil
            return body != nil
        }
        return body
    }
}
