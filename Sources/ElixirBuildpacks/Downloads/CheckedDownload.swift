import Diagnostics
import Digests
import Files
import SystemPackage

/// Fetches a file and makes sure that it is what was asked for: not an error page, not cut off, not altered.
struct CheckedDownload {
    /// What a file must begin with.
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

    /// Fetches.
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
