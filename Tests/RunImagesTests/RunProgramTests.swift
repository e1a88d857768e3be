import Diagnostics
import Glibc
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import RunImages

@Suite("Programs that the run image is asked to have")
struct RunProgramTests {
    private func maker(_ folder: FilePath, _ programs: [String]) -> MachineRunImage {
        MachineRunImage(
            erlangRoot: "/usr/lib/erlang", store: ImageStore(root: folder.appending("images")),
            record: folder.appending("run-image\(programs.joined()).json"), searchPath: "/usr/bin:/bin",
            programs: programs)
    }

    @Test("They run in the image with their libraries and data, in a layer above the one that all projects share")
    func inImage() async throws {
        try await withTemporaryFolder { folder in
            let plain = try await maker(folder, []).image { _ in }
            let made = try await maker(folder, ["jq", "curl", "bash"]).image { _ in }
            #expect(made.programs.map(\.name) == ["bash", "curl", "jq"])
            let jq = try #require(made.programs.last)
            #expect(jq.isPackaged && jq.warning == nil && jq.version != nil && jq.size > 100_000)
            #expect(jq.packages == ["jq", "libjq1", "libonig5"])
            #expect(made.image.layers.count == 2 && made.image.layers.first == plain.image.layers.first)
            #expect(made.image.configuration.history.last?.createdBy == "mixpack: programs: bash, curl, jq")
            let label = made.image.configuration.config.labels[RunImageLabel.programs]
            #expect(label == "bash,curl,jq")
            let store = ImageStore(root: folder.appending("images"))
            try await store.validate(made.image)
            let missing = try await RunImageCheck(made.image, blobs: store).missing(of: ["jq", "tini", "curl"])
            #expect(missing == ["tini"])
            #expect(
                try await RunImageCheck(made.image, blobs: store).paths(["/app", "/usr/bin/jq"]) == ["/usr/bin/jq"])

            // The order and a name given twice change nothing, and what is known is not made again.
            let other = folder.appending("other")
            let same = try await maker(other, ["curl", "jq", "bash", "jq"]).image { _ in }
            #expect(same.image.digest == made.image.digest)
            let known = try await maker(other, ["curl", "jq", "bash", "jq"]).image { Issue.record("made again: \($0)") }
            #expect(known.programs == made.programs)

            let layout = store.layout(of: made.reference)
            let bundle = try await ImageBundle(
                layout: layout.path, tag: layout.tag ?? "latest", unpackedTo: folder.appending("bundle"))
            let script =
                "#!/usr/bin/env bash\nset -euo pipefail\nwords=(one two)\n"
                + #"echo "{\"n\": ${#words[@]}}" | jq .n; curl --version | head -n 1; curl -sS file:///etc/os-release | grep -q ID=; id -u"#
            try bundle.root.appending("home/app/run").write(script, mode: 0o755)
            let container = try bundle.start(name: "mixpack-programs-\(getpid())", command: ["/home/app/run"])
            let end = try await container.program.end(within: .seconds(30))
            await container.remove()
            #expect(end.status == 0, "\(end)")
            #expect(end.lines.first == "2" && end.lines.last == "1000", "\(end)")
            #expect(end.lines.dropFirst().first?.hasPrefix("curl ") == true, "\(end)")
        }
    }

    @Test("What is not installed is named; a package counts as well as a program")
    func missing() throws {
        let finder = RunProgramFiles()
        #expect(finder.missing(of: ["jq", "ca-certificates", "no-such-program"]) == ["no-such-program"])
        var selection = FileSelection(search: LibrarySearch())
        #expect(throws: Failure.self) { try finder.add(["no-such-program"], to: &selection) }
        let found = try finder.add(["ca-certificates"], to: &selection)
        #expect(found.first?.packages.first == "ca-certificates")
        #expect(selection.sources.contains { $0.hasSuffix(".crt") })
        #expect(!selection.sources.contains { $0.hasPrefix("/usr/share/doc/") || $0.hasPrefix("/usr/share/man/") })
    }

    @Test("Of a program that no package has only the libraries are known, and the user learns it")
    func unpackaged() throws {
        try withTemporaryFolder { folder in
            try folder.appending("bin/own").write("#!/usr/bin/jq -f\n.\n", mode: 0o755)
            for packages in [PackageDatabase(), PackageDatabase(folder: folder)] {
                let finder = RunProgramFiles(packages: packages, searchPath: folder.appending("bin").string)
                var selection = FileSelection(search: LibrarySearch())
                let program = try #require(try finder.add(["own"], to: &selection).first)
                #expect(!program.isPackaged && program.version == nil)
                #expect(program.warning?.contains("no package of this machine has own") == true)
                #expect(program.text.hasPrefix("own (of no package: with its libraries alone; "))
                #expect(selection.sources.contains(folder.appending("bin/own").string))
                // What runs it comes along, with its own libraries.
                #expect(selection.sources.contains { $0.contains("libjq.so") })
            }
        }
    }

    // MARK: dpkg's files

    private static let status = """
        Package: tool
        Status: install ok installed
        Architecture: amd64
        Version: 1:2.0-1
        Pre-Depends: libc6 (>= 2.36)
        Depends: libtool1 (= 2.0-1) | libother, mail-reader:any, gone | data [amd64], debconf (>= 0.5) | debconf-2.0
        Description: a tool
         Depends: nothing, for this is a text

        Package: libtool1
        Status: install ok installed
        Architecture: amd64
        Multi-Arch: same
        Version: 2.0-1
        Depends: tool

        Package: libtool1
        Status: install ok installed
        Architecture: riscv64
        Multi-Arch: same
        Version: 1.0-1

        Package: libother
        Status: install ok installed
        Architecture: amd64
        Version: 1

        Package: mutt
        Status: install ok installed
        Architecture: amd64
        Version: 3
        Provides: mail-reader (= 1), imap-client
        Essential: yes

        Package: data
        Status: install ok installed
        Architecture: all
        Version: 4

        Package: gone
        Status: deinstall ok config-files
        Architecture: all
        Version: 5

        Package: libc6
        Status: install ok installed
        Architecture: amd64
        Version: 2.36
        """

    @Test("Packages need what they depend on: installed alternatives, providers, no tools that only install packages")
    func packages() throws {
        try withTemporaryFolder { folder in
            let architecture = nativeArchitecture
            try folder.appending("status").write(Self.status.replacing("amd64", with: architecture))
            try folder.appending("info/tool.list").write("/.\n/usr\n/bin/tool\n/usr/share/doc/tool/copyright\n")
            try folder.appending("info/libtool1:\(architecture).list").write("/.\n/usr/lib/libtool.so.1\n")
            let database = try #require(PackageDatabase(folder: folder))
            let tool = try #require(database.package(named: "tool"))
            #expect(database.closure(of: tool).map(\.name) == ["tool", "data", "libtool1", "mutt"])
            #expect(tool.version == "1:2.0-1" && database.package(named: "libtool1")?.version == "2.0-1")
            #expect(database.package(named: "gone") == nil && database.package(named: "mutt")?.isEssential == true)
            #expect(database.owner(of: "/usr/bin/tool") == tool && database.owner(of: "/bin/tool") == tool)
            #expect(database.owner(of: "/usr/bin/too") == nil && database.owner(of: "/usr/bin/tool2") == nil)
            let library = try #require(database.package(named: "libtool1"))
            #expect(database.files(of: library) == ["/.", "/usr/lib/libtool.so.1"])
            #expect(PackageDatabase(folder: folder.appending("none")) == nil)
        }
    }

    private var nativeArchitecture: String {
        #if arch(arm64)
            "arm64"
        #else
            "amd64"
        #endif
    }

    @Test(
        "Documentation, translations and what is for compilers stay out",
        arguments: [
            ("/usr/bin/jq", true), ("/usr/lib/git-core/git-add", true), ("/etc/ImageMagick-6/policy.xml", true),
            ("/usr/share/perl/5.36.0/strict.pm", true), ("/usr/share/doc/jq/copyright", false),
            ("/usr/share/locale/de/LC_MESSAGES/git.mo", false), ("/usr/include/jq.h", false),
            ("/usr/lib/ImageMagick/modules-Q16/coders/png.la", true), ("/usr/lib/libjq.a", false),
            ("/etc/passwd", false), ("/lib/systemd/system/x.service", false),
        ])
    func needed(path: String, isNeeded: Bool) { #expect(PackagedFile.isNeeded(path) == isNeeded) }
}
