import Diagnostics
import SystemPackage
import TestSupport
import Testing

@testable import ForeignPackages

@Suite("Where a machine takes its packages from")
struct AptSourceTests {
    @Test("Lines and paragraphs become one form, without processors")
    func forms() throws {
        let list = """
            # deb http://old.example/debian bookworm main
            deb [arch=amd64,i386 signed-by=/usr/share/keyrings/a.gpg,/b.gpg lang=en] http://a.example/debian bookworm main contrib # ours
            deb-src http://a.example/debian bookworm main
            deb http://b.example/debian bookworm-updates main
            deb broken
            """
        let fromList = AptSource.all(inList: list)
        #expect(
            fromList.map(\.paragraph) == [
                "Types: deb\nURIs: http://a.example/debian\nSuites: bookworm\nComponents: main contrib\n"
                    + "signed-by: /usr/share/keyrings/a.gpg /b.gpg\n",
                "Types: deb\nURIs: http://b.example/debian\nSuites: bookworm-updates\nComponents: main\n",
            ])
        let sources = """
            # A comment.
            Types: deb deb-src
            URIs: http://a.example/debian
            # http://snapshot.example/
            Suites: bookworm bookworm-updates
            Components: main
            Architectures: amd64
            Signed-By:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             abc

            Enabled: no
            Types: deb
            URIs: http://off.example/debian
            Suites: bookworm
            """
        #expect(
            AptSource.all(inSources: sources).map(\.paragraph) == [
                "Types: deb\nURIs: http://a.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n"
                    + "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n"
            ])
    }

    @Test(
        "Debian's own entries are told from others'",
        arguments: [
            ("deb http://deb.debian.org/debian bookworm main", true),
            ("deb http://deb.debian.org/debian-security bookworm-security main", true),
            ("deb http://deb.debian.org/debian-security stable/updates main", true),
            (
                "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/x bookworm main",
                true
            ),
            ("deb http://proxy.example/debian-remote/ bookworm main non-free-firmware", true),
            ("deb http://deb.debian.org/debian trixie main", false),
            ("deb https://download.docker.com/linux/debian bookworm stable", false),
            ("deb [signed-by=/usr/share/keyrings/x.gpg] https://apt.example.com bookworm main", false),
            ("deb https://packages.example.com/debian/12/prod bookworm main", false),
            ("deb http://apt.example.org/pub/repos/apt bookworm-pgdg main", false),
        ])
    func choice(line: String, isDebians: Bool) throws {
        let entry = try #require(AptSource.all(inList: line).first)
        #expect(entry.isOfDebian(codename: "bookworm") { _, _ in nil } == isDebians)
        // What the machine's own lists say counts more than names.
        if isDebians { #expect(!entry.isOfDebian(codename: "bookworm") { _, _ in "Somebody" }) }
    }

    @Test("The machine's own list says who an entry is of; another system than Debian is refused")
    func machine() throws {
        try withTemporaryFolder { folder in
            try folder.appending("etc/os-release").write("ID=debian\nVERSION_CODENAME=bookworm\n")
            try folder.appending("etc/apt/sources.list").write(
                "deb http://mirror.example/pub bookworm main\ndeb http://x.example/debian bookworm main\n")
            let lists = folder.appending("var/lib/apt/lists")
            try lists.appending("mirror.example_pub_dists_bookworm_InRelease").write(
                "-----BEGIN PGP SIGNED MESSAGE-----\n\nOrigin: Debian\nLabel: Debian\n")
            try lists.appending("x.example_debian_dists_bookworm_Release").write("Origin: x\n")
            let dump =
                "Acquire::Retries \"5\";\nAcquire::AllowInsecureRepositories \"1\";\nAcquire::http::Timeout \"9\";\n"
            let environment = ["HTTPS_PROXY": "http://p.example", "HOME": "/root"]
            let machine = try AptMachine(root: folder, dump: dump, environment: environment)
            #expect(machine.sources.flatMap(\.hosts) == ["mirror.example"])
            #expect(machine.settings == ["Acquire::Retries \"5\";", "Acquire::http::Timeout \"9\";"])
            #expect(machine.variables == ["HTTPS_PROXY": "http://p.example"])
            try folder.appending("etc/os-release").write("ID=ubuntu\nPRETTY_NAME=\"Ubuntu 24.04\"\n")
            let refusal = refusal(folder)
            #expect(refusal?.code == .unsupported && refusal?.message.hasSuffix("Ubuntu 24.04") == true)
            #expect(refusal?.advice?.contains("--toolchain-from IMAGE") == true)
        }
    }

    private func refusal(_ root: FilePath) -> Failure? {
        do throws(Failure) {
            _ = try AptMachine(root: root, dump: "", environment: [:])
            return nil
        } catch {
            return error
        }
    }

    @Test("Broken lists are read to their end, and what an entry is written as is read as the same")
    func broken() {
        let texts = [
            "deb [arch=amd64 signed-by=/a.gpg,/b.gpg] http://a.example/debian bookworm main # x\n",
            "Types: deb\nURIs: http://a.example/debian\nSuites: bookworm x\nComponents: main\nSigned-By:\n .\n abc\n\n",
            "Package: one\nVersion: 1:1.0-1+b2\nArchitecture: arm64\nSource: two (3)\nSize: 5\nDescription: x\n y\n\n",
        ]
        Fuzzing.run(texts, words: ["[", "]", "=", ":", "\n", " ", "deb", "\t", "#", "~", "-"]) { text, round in
            for source in AptSource.all(inList: text) + AptSource.all(inSources: text) {
                let again = AptSource.all(inSources: source.paragraph)
                #expect(again.map(\.paragraph) == [source.paragraph], "\(round): \(text)")
            }
            let records = PackageRecord.all(in: text)
            for one in records {
                for other in records { #expect(!(one.version < other.version && other.version < one.version)) }
            }
        }
    }
}
