import Diagnostics
import Digests
import Files
import SystemPackage

/// Fetches a file and makes sure that it is what was asked for: not an error page, not cut off, not altered.
struct CheckedDownload {
    enum Form {
        case text, gzip, zip, script

        func accepts(_ start: ArraySlice<UInt8>) -> Bool {
            switch self {
            case .text: true
            case .gzip: start.starts(with: [0x1f, 0x8b])
            case .zip: start.starts(with: [0x50, 0x4b, 0x03, 0x04])
            case .script: start.starts(with: Array("#!".utf8))
            }
        }
    }

    let downloader: any Downloader
    let isOffline: Bool

    /// - Parameters:
    ///   - file: where it is to stand; nothing is there when this throws.
    ///   - digest: what the list says of it; `nil` where the list says nothing.
    ///   - limit: the most bytes that are taken.
    /// - Throws: `Failure` of code `fetchFailed`, `CancellationError`.
    func fetch(
        _ url: String, to file: FilePath, form: Form, digest: FileDigest? = nil, limit: Int64 = 1 << 30
    ) async throws {
        if isOffline { throw Failure(fetching: url, .offline) }
        var isGood = false
        defer { if !isGood { try? file.remove() } }
        let status: Int
        do {
            status = try await downloader.download(url, to: file, limit: limit)
        } catch let error as Failure {
            throw Failure(fetching: url, .unreachable(error.message))
        }
        try Task.checkCancellation()
        guard status == 200 else { throw Failure(fetching: url, status == 404 ? .missing : .status(status)) }
        try check(file, url, form, digest)
        isGood = true
    }

    private func check(_ file: FilePath, _ url: String, _ form: Form, _ digest: FileDigest?) throws {
        let start = try Self.start(of: file)
        if Self.isPage(start) || start.isEmpty { throw Failure(fetching: url, .page) }
        if let digest {
            let actual = try MessageDigest.hex(ofFile: file, digest.algorithm)
            guard actual == digest.digits else {
                throw Failure(
                    fetching: url, .altered(digest.algorithm.rawValue, expected: digest.digits, actual: actual))
            }
        }
        guard form.accepts(start) else { throw Failure(fetching: url, .page) }
    }

    private static func start(of file: FilePath) throws -> ArraySlice<UInt8> {
        let descriptor = try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = try descriptor.closeAfter { try bytes.withUnsafeMutableBytes { try descriptor.read(into: $0) } }
        return bytes.prefix(count)
    }

    /// A page for people, where a file was asked for: servers and proxies like to answer so with status 200.
    private static func isPage(_ start: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: start, as: UTF8.self).lowercased().drop(while: \.isWhitespace)
        return ["<!doctype", "<html", "<?xml"].contains { text.hasPrefix($0) }
    }
}

/// The digest of a file's content, as lists of downloads give it.
struct FileDigest: Hashable {
    let algorithm: MessageDigest.Algorithm
    let digits: String

    static func sha256(_ digits: String) -> FileDigest { FileDigest(algorithm: .sha256, digits: digits.lowercased()) }
    static func sha512(_ digits: String) -> FileDigest { FileDigest(algorithm: .sha512, digits: digits.lowercased()) }
}

/// Why a file cannot be fetched.
enum FetchProblem {
    case offline
    /// There is no answer, or it broke off.
    case unreachable(String)
    case missing
    case status(Int)
    /// Something else than the file came: an error page, or nothing.
    case page
    /// The content is not what the list says.
    case altered(String, expected: String, actual: String)
}

extension Failure {
    /// A file that cannot be fetched: what, from where, and what to try where that helps.
    init(fetching url: String, _ problem: FetchProblem) {
        let host = DownloadSettings.host(url)
        let name = url.split(separator: "/").last.map(String.init) ?? url
        let (message, advice): (String, String?) =
            switch problem {
            case .offline:
                (
                    "\(name) is not on this machine, and mixpack may not use the network",
                    "unset MIXPACK_OFFLINE and HEX_OFFLINE"
                )
            case .unreachable(let reason):
                (
                    "\(host) cannot be reached (\(reason.hasPrefix("\(host): ") ? String(reason.dropFirst(host.count + 2)) : reason))",
                    nil
                )
            case .missing: ("\(host) has no \(name)", nil)
            case .status(let status): ("\(host) answered \(status) for \(name)", nil)
            case .page:
                (
                    "\(host) sent something other than \(name), such as an error page",
                    "this may be a proxy or a wrong address: check what is at the address"
                )
            case .altered(let algorithm, let expected, let actual):
                (
                    "\(name) from \(host) is not the file in its list: \(algorithm) \(actual.prefix(12))…, not \(expected.prefix(12))…",
                    "it was cut off or changed on the way, or rebuilt after the list was made: try again later"
                )
            }
        self.init(.fetchFailed, message, advice: advice)
    }
}

/// What fetches files from the network: handed in, so that the buildpacks know of no client.
package protocol Downloader: Sendable {
    /// Fetches what stands at an address into a file, which is made or emptied first.
    /// - Parameter limit: the most bytes that are taken.
    /// - Returns: the status of the answer, such as 200 or 404.
    /// - Throws: `Failure` when there is no whole answer, `CancellationError`.
    func download(_ url: String, to file: FilePath, limit: Int64) async throws -> Int

    /// Whether anything can be fetched at all; where not, mix itself fetches what it can.
    var isThere: Bool { get }
}

extension Downloader {
    package var isThere: Bool { true }
}
