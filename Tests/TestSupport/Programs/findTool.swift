import Glibc
public import SystemPackage

/// The path of a program that tests need.
///
/// Not there is a failing test, not a skipped one: `make test` installs what the tests need.
/// - Parameter package: the Debian package that brings it, where it is not named like the program.
/// - Throws: `TestSupportError` that names the program and its package.
public func findTool(_ name: String, package: String? = nil) throws -> FilePath {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    for folder in path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"] {
        let candidate = FilePath(folder).appending(name)
        if access(candidate.string, X_OK) == 0 { return candidate }
    }
    throw TestSupportError(
        "\(name) is not installed: apt-get install \(package ?? name), or run the suite by make test")
}
