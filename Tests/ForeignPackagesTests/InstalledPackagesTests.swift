import SystemPackage
import TestSupport
import Testing

@testable import ForeignPackages

@Suite("Which package a file comes from")
struct InstalledPackagesTests {
    @Test("It is what dpkg says, with and without /usr, diversions included")
    func machine() async throws {
        let packages = try InstalledPackages()
        let owners = packages.owners(of: [
            "/usr/bin/sh", "/bin/dash", "/usr/bin/sed", "/etc/os-release", "/etc/ssl/certs/ca-certificates.crt",
            "/usr/lib/erlang", "/nowhere",
        ])
        #expect(owners["/usr/bin/sh"]?.name == "dash" && owners["/bin/dash"]?.name == "dash")
        #expect(owners["/usr/bin/sed"]?.name == "sed" && owners["/etc/os-release"]?.name == "base-files")
        #expect(owners["/etc/ssl/certs/ca-certificates.crt"] == nil && owners["/nowhere"] == nil)
        let query = try await run(
            try findTool("dpkg-query"),
            ["--show", "--showformat=${Package} ${Architecture} ${Version} ${source:Version}\n"]
        ).succeeded()
        for line in query.lines {
            let words = line.split(separator: " ").map(String.init)
            guard let known = packages.package(named: words[0]), known.architecture == words[1] else { continue }
            #expect(known.version.description == words[2] && known.sourceVersion.description == words[3], "\(line)")
        }
        #expect(query.lines.count > 50)
    }

    @Test("A file that was moved away is its package's, and the one in its place the other's")
    func diversions() throws {
        try withTemporaryFolder { folder in
            let paragraph = { (name: String) in
                "Package: \(name)\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n"
            }
            try folder.appending("status").write([paragraph("a"), paragraph("b")].joined(separator: "\n"))
            try folder.appending("info/a.list").write("/.\n/usr\n/usr/bin\n/usr/bin/x\n")
            try folder.appending("info/b:amd64.list").write("/.\n/bin\n/usr/bin/x\n/lib/y\n")
            try folder.appending("diversions").write("/usr/bin/x\n/usr/bin/x.real\nb\n")
            let owners = try InstalledPackages(folder: folder).owners(of: [
                "/usr/bin/x", "/usr/bin/x.real", "/usr/lib/y",
            ])
            #expect(owners.mapValues(\.name) == ["/usr/bin/x": "b", "/usr/bin/x.real": "a", "/usr/lib/y": "b"])
        }
    }
}
