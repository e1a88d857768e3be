import Files
import SystemPackage
import TestSupport
import Testing

@testable import RunImages

/// mixpack makes images for one processor on another: what a processor is called is a value, never written where it is used.
@Suite("Names of processors")
struct ArchitectureNamesTests {
    /// Where they are written, and why.
    private static let places = [
        "Sources/RunImages/Elf/DebianArchitecture.swift": "the table",
        ".ci/processors": "the table of the scripts",
        "Sources/OCIImage/Model/Platform.swift": "what the compiler says of the machine",
        "Sources/BuildpackAPI/BuildTarget.swift": "what the compiler says of the machine",
        "Package.swift": "what the compiler says of the machine; a manifest cannot use a module",
        "Sources/Lifecycle/External/BuildpackManifest.swift": "the specification's own stack, which has one",
        "Sources/Builders/Making/LifecyclePrograms.swift": "an example of a file's name",
        ".ci/fuzz": "an example of an index",
    ]

    @Test("they are in two tables that say the same")
    func tables() throws {
        let rows = try repositoryFolder().appending(".ci/processors").readText().split(separator: "\n")
            .filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ").map(String.init) }
        #expect(rows == DebianArchitecture.all.map { [$0.name, $0.processor] })
    }

    @Test("they are written in those places and in no others of the sources and scripts")
    func written() throws {
        let root = try repositoryFolder()
        var found: [String: Int] = [:]
        for path in try files(of: root) {
            let text = String(decoding: try root.appending(path).readBytes(), as: UTF8.self)
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                guard let name = name(in: line) else { continue }
                found[path] = index + 1
                #expect(Self.places[path] != nil, "\(path):\(index + 1) has \(name): take it from a table")
            }
        }
        // A place that no longer has any goes from the list.
        for place in Self.places.keys { #expect(found[place] != nil, "\(place) has no names of processors") }
    }

    private func files(of root: FilePath) throws -> [String] {
        let folders = try ["Sources", ".ci"].flatMap { folder in
            try root.appending(folder).tree().map { "\(folder)/\($0)" }
        }
        return (folders + ["Package.swift", "Makefile"]).filter { FileStamp.isFile(root.appending($0)) }
    }

    /// The first name of a processor in a line's code; comments may have examples.
    private func name(in line: Substring) -> String? {
        let code = line.drop { $0 == " " || $0 == "\t" }
        guard !code.hasPrefix("//"), !code.hasPrefix("#") || code.hasPrefix("#if") else { return nil }
        let names = DebianArchitecture.all.flatMap { [$0.name, $0.processor] } + ["x86-64"]
        return names.first { code.contains($0) }
    }
}

extension FileStamp {
    fileprivate static func isFile(_ path: FilePath) -> Bool { FileStamp(of: path)?.kind == .file }
}
