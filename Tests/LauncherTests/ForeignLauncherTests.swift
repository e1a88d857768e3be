import FoundationEssentials
import Glibc
import SystemPackage
import TestSupport
import Testing

/// The launcher for the processor that this machine does not have, and where the C library for it comes from.
@Suite("The launcher for another processor")
struct ForeignLauncherTests {
    /// What ELF and Debian call a processor.
    private static let machines: [String: UInt16] = ["amd64": 62, "arm64": 183]

    @Test(
        "it is for the other processor, static, fits all sizes of its pages, and has the same bytes from two folders",
        .enabled(if: getenv("MIXPACK_SOAK") != nil, "make soak compiles it"))
    func crossCompiled() async throws {
        try await withTemporaryFolder { folder in
            let sysroots = try repositoryFolder().appending(".build/sysroots")
            var made: [String: [UInt8]] = [:]
            for name in ["one", "further down/two"] {
                let copy = folder.appending(name)
                for part in [".ci", "Sources"] {
                    try repositoryFolder().appending(part).copy(to: copy.appending(part))
                }
                _ = try await run(
                    copy.appending(".ci/build-foreign-launcher"), ["swift", "built", sysroots.string],
                    environment: ["PATH": String(cString: getenv("PATH"))]
                ).succeeded()
                let launchers = copy.appending("built").names.filter { !$0.hasSuffix(".inputs") }
                let launcher = try #require(launchers.first)
                let bytes = try copy.appending("built/\(launcher)").readBytes()
                #expect(launchers.count == 1 && (made[launcher] == nil) == made.isEmpty)
                #expect(made[launcher] == nil || made[launcher] == bytes)
                made[launcher] = bytes
                try check(bytes, Self.machines[launcher.replacing("mixpack-launcher-", with: "")])
            }
        }
    }

    /// Reads the header and the segments of a 64-bit ELF file.
    private func check(_ bytes: [UInt8], _ machine: UInt16?) throws {
        func number(_ place: Int, _ size: Int) -> Int {
            bytes[place..<place + size].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        #expect(bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]))
        #expect(number(18, 2) == machine.map(Int.init))
        let segments = (0..<number(56, 2)).map { number(32, 8) + $0 * number(54, 2) }
        let kinds = segments.map { number($0, 4) }
        let (load, dynamic, interpreter) = (1, 2, 3)
        #expect(kinds.contains(load) && !kinds.contains(dynamic) && !kinds.contains(interpreter))
        for segment in segments where number(segment, 4) == load {
            #expect(number(segment + 48, 8) >= 0x10000, "a page may have 64 KiB")
        }
    }

    @Test("the C library comes from Debian's mirrors alone, once, with signatures and sums checked")
    func sysroot() async throws {
        try await Mirror.with { mirror, folder in
            let root = folder.appending("sysroot")
            let first = try await mirror.fetch(to: root).succeeded()
            #expect(first.lines.first?.hasPrefix("Fetching libc6-dev linux-libc-dev libgcc-") == true, "\(first)")
            #expect(try root.appending("usr/include/libc6-dev").readText() == "arm64")
            // What is there needs no mirror; what was made for another processor does not count.
            removeTree(mirror.folder.appending("dists"))
            #expect(try await mirror.fetch(to: root).succeeded().lines.isEmpty)
        }
    }

    @Test(
        "a mirror without its signature, and a package that is not the signed one, give nothing",
        arguments: [
            ("rm dists/stable/Release.gpg dists/stable/InRelease", "apt-get update", "is not signed"),
            ("sed -i 's/^Codename: .*/Codename: other/' dists/stable/InRelease", "apt-get update", "signature"),
            ("for f in pool/*.deb; do printf x >>$f; done", "apt-get download", "Hash Sum mismatch"),
            ("rm pool/linux-libc-dev_*", "apt-get download", "linux-libc-dev_"),
        ])
    func refused(damage: String, step: String, reason: String) async throws {
        try await Mirror.with { mirror, folder in
            _ = try await run("/bin/sh", ["-c", damage], workingDirectory: mirror.folder).succeeded()
            let root = folder.appending("sysroot")
            let end = try await mirror.fetch(to: root)
            #expect(end.status == 2, "\(end)")
            #expect(end.errorOutput.contains("no C library for arm64: \(step)"), "\(end)")
            #expect(end.errorOutput.contains(reason), "\(end)")
            #expect(!root.isThere)
        }
    }
}

/// A mirror of Debian in a folder, signed, with small packages of the names that are asked for; and a machine that uses it.
private struct Mirror {
    let folder: FilePath
    private let configuration: FilePath

    /// apt's sources are words, and the folders of tests have blanks in their names.
    static func with(_ body: (Mirror, FilePath) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let link = folder.removingLastComponent().appending("mixpack-mirror-\(UInt64.random(in: .min ... .max))")
            symlink(folder.string, link.string)
            defer { unlink(link.string) }
            try await body(try await Mirror(in: link), folder)
        }
    }

    private init(in place: FilePath) async throws {
        folder = place.appending("debian")
        configuration = place.appending("apt.conf")
        let etc = place.appending("etc")
        for name in ["sources.list.d", "apt.conf.d"] { try etc.appending(name).makeFolder() }
        let script = """
            set -eu
            cd '\(folder)'
            names="libc6-dev linux-libc-dev $(dpkg-query -W -f '${Package}\\n' 'libgcc-*-dev' | grep -x 'libgcc-[0-9]*-dev')"
            for name in $names; do
                mkdir -p tree/DEBIAN tree/usr/include pool
                printf 'Package: %s\\nVersion: 1\\nArchitecture: arm64\\nMaintainer: a <a@b.invalid>\\nDescription: x\\n' "$name" >tree/DEBIAN/control
                printf arm64 >"tree/usr/include/$name"
                dpkg-deb -Znone --root-owner-group -b tree "pool/${name}_1_arm64.deb" >/dev/null
                rm -r tree
            done
            list=dists/stable/main/binary-arm64
            mkdir -p "$list" '\(place)/keys'
            dpkg-scanpackages -a arm64 pool >"$list/Packages" 2>/dev/null
            chmod 700 '\(place)/keys'
            export GNUPGHOME='\(place)/keys'
            {
                printf 'Origin: Debian\\nSuite: stable\\nCodename: stable\\nArchitectures: arm64\\nComponents: main\\n'
                printf 'Date: %s\\nSHA256:\\n' "$(LC_ALL=C date -Ru)"
                printf ' %s %s main/binary-arm64/Packages\\n' "$(sha256sum <"$list/Packages" | cut -d' ' -f1)" "$(wc -c <"$list/Packages")"
            } >dists/stable/Release
            gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-generate-key a@b.invalid ed25519 sign never 2>/dev/null
            gpg --batch --quiet --clearsign -o dists/stable/InRelease dists/stable/Release
            gpg --batch --quiet --armor --detach-sign -o dists/stable/Release.gpg dists/stable/Release
            gpg --batch --quiet --export >'\(place)/debian-archive-test.gpg'
            gpgconf --kill all
            """
        try folder.makeFolder()
        _ = try await run("/bin/sh", ["-c", script]).succeeded()
        // As a machine has it: limited to its own architecture, and beside it somebody else's, which has nothing for others.
        try etc.appending("sources.list.d/debian.sources").write(
            """
            # the mirror
            Types: deb
            URIs: file:\(folder)
            Suites: stable
            Components: main
            Architectures: amd64
            Signed-By: \(place)/debian-archive-test.gpg

            Types: deb
            URIs: file:/nowhere/other
            Suites: stable
            Components: main
            Signed-By: \(place)/other.gpg

            """)
        try etc.appending("sources.list").write(
            "deb [arch=amd64 signed-by=/x/other.gpg] file:/nowhere/debian stable main\n")
        try configuration.write("Dir::Etc \"\(etc)\";\n")
    }

    /// Asks for the C library of a processor.
    func fetch(to root: FilePath) async throws -> ProgramEnd {
        try await run(
            try repositoryFolder().appending(".ci/fetch-sysroot"), ["arm64", root.string],
            environment: ["APT_CONFIG": configuration.string, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
    }
}
