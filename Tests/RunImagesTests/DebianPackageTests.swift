import RunImages
import Testing

@Suite("Debian's records of packages")
struct DebianPackageTests {
    @Test("installed packages are read, with source packages of other names and versions")
    func records() {
        let text = """
            Package: libc6
            Status: install ok installed
            Source: glibc
            Version: 2.36-9+deb12u9
            Architecture: amd64
            Description: GNU C Library
             Version: not this one

            Package: libgcc-s1
            Source: gcc-12 (12.2.0-14)
            Version: 12.2.0-14+deb12u1
            Architecture: amd64

            Package: gone
            Status: deinstall ok config-files
            Version: 1

            """
        let packages = DebianPackage.all(in: text)
        #expect(packages.map(\.name) == ["libc6", "libgcc-s1"])
        #expect(packages.map(\.version) == ["2.36-9+deb12u9", "12.2.0-14+deb12u1"])
        #expect(packages.map(\.source) == ["glibc", "gcc-12@12.2.0-14"])
        #expect(packages.map(\.architecture) == ["amd64", "amd64"])
    }
}
