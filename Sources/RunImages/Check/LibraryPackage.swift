/// The Debian packages that have the libraries which releases need most.
enum LibraryPackage {
    private static let names = [
        "libc.so.6": "libc6", "libm.so.6": "libc6", "libdl.so.2": "libc6", "libpthread.so.0": "libc6",
        "libgcc_s.so.1": "libgcc-s1", "libstdc++.so.6": "libstdc++6", "libtinfo.so.6": "libtinfo6",
        "libncursesw.so.6": "libncursesw6", "libz.so.1": "zlib1g", "libcrypto.so.3": "libssl3",
        "libssl.so.3": "libssl3",
        "libcrypto.so.1.1": "libssl1.1", "libssl.so.1.1": "libssl1.1", "libsctp.so.1": "libsctp1",
        "libsystemd.so.0": "libsystemd0", "libsqlite3.so.0": "libsqlite3-0",
    ]

    /// What to do about a library that is missing.
    static func advice(for soname: String) -> String {
        let package = names[soname].map { "the Debian package \($0)" } ?? "it"
        return "take a run image that has \(package), or leave --run-image out to use one made from this machine"
    }
}
