import Digests
import Files
import SystemPackage
import TestSupport
import Testing

@testable import RunImages

@Suite("The files of packages below a root")
struct PackageTreeTests {
    private static let status = """
        Package: tool
        Status: install ok installed
        Architecture: all
        Version: 1
        Conffiles:
         /etc/tool.conf \("DIGEST")
         /etc/changed.conf \("DIGEST")
         /etc/old.conf \("DIGEST") obsolete
        Description: a tool

        Package: other
        Status: install ok installed
        Architecture: all
        Version: 1
        """

    /// A root with a merged /usr, and a package of each trap.
    private func root(in folder: FilePath) throws -> FilePath {
        let root = folder.appending("root")
        for (path, mode) in [
            ("usr/bin/tool", 0o4755), ("usr/bin/tool.real", 0o755), ("usr/bin/closed", 0o700), ("etc/tool.conf", 0o644),
            ("etc/changed.conf", 0o644), ("etc/shadow", 0o640), ("etc/ssh/ssh_host_rsa_key", 0o644),
            ("usr/share/doc/tool/copyright", 0o644), ("usr/share/doc/tool/README", 0o644),
            ("usr/lib/closed/key", 0o644),
            ("root/.netrc", 0o644), ("usr/share/man/man1/tool.1", 0o644), ("usr/share/cert/a.crt", 0o644),
            ("etc/ssl/certs/ca-certificates.crt", 0o644), ("etc/ssl/private/server.key", 0o644),
            ("usr/bin/other", 0o755),
            ("usr/local/bin/mine", 0o755), ("usr/lib/odd/name é", 0o644),
        ] as [(String, UInt16)] {
            try root.appending(path).write(path == "etc/changed.conf" ? "password" : "text", mode: mode)
        }
        try root.appending("usr/lib/closed").setMode(0o750)
        for (path, target) in [
            ("bin", "usr/bin"), ("etc/alternatives/cc", "/usr/bin/tool"), ("usr/bin/cc", "/etc/alternatives/cc"),
            ("etc/alternatives/pager", "/usr/bin/other"), ("usr/bin/pager", "/etc/alternatives/pager"),
            ("etc/ssl/certs/a.pem", "/usr/share/cert/a.crt"), ("etc/ssl/certs/1234.0", "a.pem"),
            ("etc/ssl/certs/5678.0", "gone.pem"), ("usr/lib/loop", "loop"), ("usr/lib/away", "/usr/lib/odd"),
        ] {
            try root.appending(path).removingLastComponent().makeFolder()
            try root.appending(path).makeLink(to: target)
        }
        let dpkg = root.appending("var/lib/dpkg")
        try dpkg.appending("status").write(
            Self.status.replacing("DIGEST", with: try MessageDigest.hex(of: "text".utf8, .md5)))
        let listed = [
            "/.", "/usr", "/bin", "/bin/tool", "/usr/bin/closed", "/usr/bin/missing", "/etc/tool.conf",
            "/etc/changed.conf",
            "/etc/shadow", "/etc/ssh/ssh_host_rsa_key", "/usr/share/doc/tool/copyright", "/usr/share/doc/tool/README",
            "/usr/lib/closed/key", "/root/.netrc", "/usr/share/man/man1/tool.1", "/usr/share/cert/a.crt",
            "/etc/ssl/private/server.key", "/usr/lib/loop/file", "/usr/lib/away/name é", "/usr/bin/wrapped",
        ]
        try root.appending("usr/bin/wrapped.distrib").write("its own", mode: 0o755)
        try root.appending("usr/bin/wrapped").write("of other", mode: 0o755)
        try dpkg.appending("diversions").write("/usr/bin/wrapped\n/usr/bin/wrapped.distrib\nother\n")
        try dpkg.appending("info/tool.list").write(listed.joined(separator: "\n") + "\n")
        try dpkg.appending("info/other.list").write("/usr/bin/other\n/usr/bin/wrapped\n")
        try dpkg.appending("alternatives/cc").write(
            "auto\n/usr/bin/cc\ncc.1.gz\n/usr/share/man/man1/cc.1.gz\n\n/usr/bin/tool\n20\n\n")
        try dpkg.appending("alternatives/pager").write("auto\n/usr/bin/pager\n\n/usr/bin/other\n20\n")
        return root
    }

    @Test("Links on the way, alternatives and certificates come along; secrets, changed files and closed ones never do")
    func items() throws {
        try withTemporaryFolder { folder in
            let root = try root(in: folder)
            var tree = try PackageTree(root: root)
            try tree.add(try #require(tree.packages.package(named: "tool")))
            try tree.addCertificates()
            tree.addDiverted()
            try tree.addAlternatives()
            #expect(tree.items["/bin"] == .link("usr/bin") && tree.items["/usr/lib/away"] == .link("/usr/lib/odd"))
            #expect(tree.items["/usr/bin/cc"] == .link("/etc/alternatives/cc"))
            #expect(tree.items["/usr/bin/tool"] == .file("\(root)/usr/bin/tool", isProgram: true))
            #expect(tree.items["/usr/bin/wrapped"] == .file("\(root)/usr/bin/wrapped.distrib", isProgram: true))
            #expect(tree.changedConfiguration == ["/etc/changed.conf"])
            #expect(
                tree.items.keys.sorted() == [
                    "/bin", "/etc/alternatives/cc", "/etc/ssl/certs/1234.0", "/etc/ssl/certs/a.pem",
                    "/etc/ssl/certs/ca-certificates.crt", "/etc/tool.conf", "/usr/bin/cc", "/usr/bin/tool",
                    "/usr/bin/wrapped", "/usr/bin/wrapped.distrib", "/usr/lib/away", "/usr/lib/odd/name é",
                    "/usr/share/cert/a.crt", "/usr/share/doc/tool/copyright",
                ])
            let layer = PackageLayer(items: tree.items, packages: []).withUser(.builder)
            let modes = layer.items.compactMap { item -> UInt16? in
                if case .copy(_, _, let mode, let owner) = item, owner == .root { mode } else { nil }
            }
            #expect(Set(modes) == [0o755, 0o644])

            // With the package that a file was moved away for, both are in.
            try tree.add(try #require(tree.packages.package(named: "other")))
            #expect(tree.added == ["tool", "other"])
        }
    }

    @Test("A package that wraps another one's program is in as well: each file is at its own path")
    func diverted() throws {
        try withTemporaryFolder { folder in
            let root = try root(in: folder)
            var tree = try PackageTree(root: root)
            for name in ["tool", "other"] { try tree.add(try #require(tree.packages.package(named: name))) }
            tree.addDiverted()
            #expect(tree.items["/usr/bin/wrapped"] == .file("\(root)/usr/bin/wrapped", isProgram: true))
            #expect(
                tree.items["/usr/bin/wrapped.distrib"] == .file("\(root)/usr/bin/wrapped.distrib", isProgram: true))
        }
    }
}
