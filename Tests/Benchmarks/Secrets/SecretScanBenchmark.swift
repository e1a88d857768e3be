import Glibc
import SecretSearch
import SystemPackage
import TestSupport

/// Measures the search for secrets in a release of 15 MB: files as OTP has them, eight secrets, none of them there.
struct SecretScanBenchmark: Benchmark {
    static let name = "secrets"
    private static let size = 15 << 20
    private static let limit = 0.3

    /// Measures and reports.
    func run() async throws {
        try withTemporaryFolder { folder in
            let release = folder.appending("release")
            let (bytes, files) = try Self.fill(release)
            let scanner = SecretScanner(secrets: Self.secrets)
            var times: [Double] = []
            for _ in 0..<5 {
                let start = ContinuousClock.now
                let found = try scanner.findings(in: release)
                times.append((ContinuousClock.now - start) / .seconds(1))
                guard found.isEmpty else { throw TestSupportError("found what is not there: \(found)") }
            }
            let median = times.sorted()[2]
            report(
                "secrets: \(Self.secrets.count) values looked for in \(bytes >> 20) MB, \(files) files: \(median) s (median of five)"
            )
            report(
                "  \(median < Self.limit ? "reached" : "MISSED "): the scan of a 15 MB release under \(Self.limit) s")
        }
    }

    private static let secrets: [String: String] = {
        var random = SystemRandomNumberGenerator()
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        return Dictionary(
            uniqueKeysWithValues: (0..<8).map { number in
                let value = (0..<64).map { _ in letters[Int.random(in: 0..<64, using: &random)] }
                return ("SECRET_\(number)", String(value))
            })
    }()

    /// Copies beams and programs of the installed Erlang until there is enough.
    private static func fill(_ release: FilePath) throws -> (bytes: Int, files: Int) {
        let erlang =
            try ["/usr/lib/erlang", "/usr/local/lib/erlang"].map { FilePath($0) }.first { $0.isThere }
            .map { $0 } ?? { throw TestSupportError("no Erlang to copy files from") }()
        var (bytes, files) = (0, 0)
        let suffixes = [".beam", ".app", ".so", "beam.smp"]
        for path in try erlang.tree() where suffixes.contains(where: path.hasSuffix) {
            guard bytes < size else { break }
            let source = erlang.appending(path)
            var status = stat()
            guard lstat(source.string, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            try source.copy(to: release.appending(path))
            bytes += Int(status.st_size)
            files += 1
        }
        return (bytes, files)
    }
}
