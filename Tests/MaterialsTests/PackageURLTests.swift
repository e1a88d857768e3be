import Materials
import Testing

@Suite("Package URLs")
struct PackageURLTests {
    private static let checksum = String(repeating: "0a", count: 32)

    @Test(
        "a package of Hex has its checksum, one of an organisation its namespace, one of another repository its address"
    )
    func hex() {
        func url(_ repository: String?, _ address: String? = nil, _ checksum: String? = nil) -> String? {
            PackageURL.hex("Jason", version: "1.4.1", repository: repository, address: address, checksum: checksum)?
                .description
        }
        #expect(url("hexpm", nil, Self.checksum) == "pkg:hex/jason@1.4.1?checksum=sha256:\(Self.checksum)")
        #expect(url(nil) == "pkg:hex/jason@1.4.1")
        #expect(url("hexpm:acme") == "pkg:hex/acme/jason@1.4.1")
        #expect(
            url("ours", "https://me:secret@hex.acme.example:8443/repo")
                == "pkg:hex/jason@1.4.1?repository_url=https://hex.acme.example:8443/repo")
        #expect(url("ours") == nil)
    }

    @Test("a git dependency is GitHub's repository, or the address of another server without what logs in there")
    func git() {
        func url(_ address: String) -> String? {
            PackageURL.git(address, commit: "4ab7", name: "fast", version: "0.2.0")?.description
        }
        let github = "pkg:github/acme/fast@4ab7"
        #expect(url("https://github.com/Acme/Fast.git") == github)
        #expect(url("git@github.com:acme/fast.git") == github)
        #expect(url("https://token@github.com/acme/fast") == github)
        #expect(
            url("https://me:secret@git.acme.example/team/fast.git?token=1")
                == "pkg:generic/fast@0.2.0?vcs_url=git%2Bhttps://git.acme.example/team/fast.git%404ab7")
        #expect(
            url("git@git.acme.example:team/fast.git")
                == "pkg:generic/fast@0.2.0?vcs_url=git%2Bssh://git.acme.example/team/fast.git%404ab7")
        // A path of this machine says nothing to others, and is in no image.
        for local in ["/home/me/fast", "file:///home/me/fast", "../fast", "./a:b/fast"] { #expect(url(local) == nil) }
    }

    @Test("a Debian package has its architecture, release and source package")
    func debian() {
        let url = PackageURL.deb(
            "libstdc++6", version: "1:12.2.0-14+deb12u1", architecture: "amd64", distribution: "debian", release: "12",
            source: "gcc-12@12.2.0")
        #expect(
            url.description
                == "pkg:deb/debian/libstdc%2B%2B6@1:12.2.0-14%2Bdeb12u1?arch=amd64&distro=debian-12&upstream=gcc-12%4012.2.0"
        )
    }
}
