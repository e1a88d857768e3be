import Diagnostics
import FoundationEssentials
import Glibc
import LayerArchive
import OCIImage
import TOMLCoding

@testable import ElixirBuildpacks
@testable import HTTP
@testable import ImageTransports
@testable import MixInspection
@testable import Reports
@testable import RunImages

/// A reader of files or answers that come from elsewhere.
///
/// libFuzzer calls it with bytes that reach new code; whatever they are, it must end with a value or an error.
enum FuzzedReader: String, CaseIterable {
    case toml, tar, elf, manifest, reference, beam, http, mix, recording

    /// The one that `MIXPACK_FUZZ_READER` names.
    static let chosen = getenv("MIXPACK_FUZZ_READER").flatMap { FuzzedReader(rawValue: String(cString: $0)) }

    func read(_ bytes: [UInt8]) throws {
        switch self {
        case .toml: try toml(text(bytes))
        case .tar: try tar(bytes)
        case .elf: _ = try ElfFile(bytes, name: "fuzzed")
        case .manifest: try manifest(bytes)
        case .reference: try reference(text(bytes))
        case .beam: _ = BeamImports(bytes).functions
        case .http: answer(bytes)
        case .mix: mixOutput(text(bytes))
        case .recording: _ = try Recording(Data(bytes), name: "fuzzed").events
        }
    }

    private func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

    private func toml(_ text: String) throws {
        let written = TOMLWriter.text(of: try TOMLDocument(parsing: text, fileName: "f").root)
        let again = try? TOMLDocument(parsing: written, fileName: "f").root
        precondition(again.map { TOMLWriter.text(of: $0) } == written, "written and read again it is another text")
    }

    private func tar(_ bytes: [UInt8]) throws {
        let reader = try TarReader(.bytes(bytes), limits: TarLimits(entries: 1000, totalSize: 1 << 22))
        while let entry = try reader.next() {
            if case .file = entry.kind { _ = try reader.content(limit: 1 << 16) }
        }
    }

    /// An index, a manifest or a configuration.
    private func manifest(_ bytes: [UInt8]) throws {
        _ = try? CanonicalJSON.decode(ImageIndex.self, from: bytes, what: "fuzzed").manifest(for: .current)
        if let manifest = try? CanonicalJSON.decode(Manifest.self, from: bytes, what: "fuzzed") {
            try image(
                manifest, Array(#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#.utf8)
            )
        } else {
            let config = try Descriptor(.configuration, of: bytes)
            try image(Manifest(config: config, layers: []), bytes)
        }
    }

    private func image(_ manifest: Manifest, _ configuration: [UInt8]) throws {
        var manifest = manifest
        manifest.config.digest = try Digest(of: configuration)
        let image = try Image(manifestBytes: CanonicalJSON.encode(manifest), configurationBytes: configuration)
        precondition(image.size >= 0)
    }

    private func reference(_ text: String) throws {
        let reference = try Reference(text)
        precondition((try? Reference(reference.description)) == reference)
        precondition(!reference.layoutPath.components.contains(".."))
        _ = (reference.fullName, reference.engineName)
    }

    /// Headers, an empty line, and a body.
    private func answer(_ bytes: [UInt8]) {
        var headers: [String: String] = [:]
        let parts = text(bytes).split(separator: "\n\n", maxSplits: 1)
        for line in (parts.first ?? "").split(separator: "\n") {
            let words = line.split(separator: ":", maxSplits: 1)
            if words.count == 2 { headers[words[0].lowercased()] = String(words[1].drop { $0 == " " }) }
        }
        let status = headers["status"].flatMap { Int($0) } ?? 200
        let response = HTTPResponse(status: status, headers: headers, body: Array((parts.dropFirst().first ?? "").utf8))
        _ = (response.isWebPage, response.kind, response.retryAfter, response.contentDigest)
        _ = headers["www-authenticate"].flatMap { Challenge($0) }
        _ = headers["location"].map { URLText.resolve($0, from: "https://registry.example/v2/") }
    }

    private func mixOutput(_ text: String) {
        var reader = MixOutputReader(Self.project, workspace: "/workspace/apps/web", path: "apps/web")
        _ = reader.read(text)
        _ = reader.finish()
        _ = reader.exception?.diagnostic
    }

    private static let project = MixProject(kind: .application, evidence: .evaluated, app: "small")
}

/// What libFuzzer calls with each input; 0 keeps it if it reached new code.
@_cdecl("LLVMFuzzerTestOneInput") public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard let reader = FuzzedReader.chosen else {
        fatalError("set MIXPACK_FUZZ_READER to one of \(FuzzedReader.allCases.map(\.rawValue))")
    }
    try? reader.read(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
