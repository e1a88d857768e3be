import Glibc

/// The Ubuntu releases that there are precompiled builds of Erlang/OTP for, and which of them run on this machine.
///
/// What is compiled with a C library runs with that one and with every newer one.
enum UbuntuRelease {
    private static let known: [(name: String, library: (Int, Int))] = [
        ("ubuntu-26.04", (2, 43)), ("ubuntu-24.04", (2, 39)), ("ubuntu-22.04", (2, 35)),
    ]

    /// The releases whose builds run with a C library of this version, newest first.
    static func fitting(_ version: String) -> [String] {
        let numbers = version.split(separator: ".").compactMap { Int($0) }
        guard numbers.count >= 2 else { return [] }
        return known.filter { $0.library <= (numbers[0], numbers[1]) }.map(\.name)
    }

    /// The version of this machine's C library.
    static var machineLibrary: String {
        // "glibc 2.36"
        var text = [CChar](repeating: 0, count: 64)
        guard confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count) > 0 else { return "" }
        let words = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return words.split(separator: " ").last.map(String.init) ?? ""
    }
}
