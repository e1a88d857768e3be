import Files
import OCIImage
import SystemPackage

/// Gathers findings: one for each thing that is missing, with all files that need it.
struct FindingList {
    private let architecture: String
    private var gathered: [String: RunImageFinding] = [:]

    init(architecture: String) { self.architecture = architecture }

    /// The findings, fatal ones first, then by kind and name.
    var findings: [RunImageFinding] {
        gathered.values.map(\.withSortedFiles).sorted {
            ($0.isFatal ? 0 : 1, $0.kind.rawValue, $0.subject) < ($1.isFatal ? 0 : 1, $1.kind.rawValue, $1.subject)
        }
    }

    /// Whether a file is for the image's processor; noted where it is not.
    mutating func fits(_ binary: ReleaseBinary) -> Bool {
        let others: [String: UInt16] = ["386": 3, "arm": 40, "riscv64": 243]
        let expected = DebianArchitecture(Platform(architecture: architecture))?.machine ?? others[architecture]
        guard let expected, binary.elf.machine != expected else { return true }
        add(
            .architecture, binary.elf.machineName, binary.path,
            "\(binary.path) is for \(binary.elf.machineName), the run image for \(architecture)",
            "build for \(architecture), or use a run image for \(binary.elf.machineName)")
        return false
    }

    mutating func addLinker(_ linker: String, neededBy file: String) {
        let isMusl = linker.contains("ld-musl")
        add(
            .dynamicLinker, linker, file, "\(file) is started by \(linker), which the run image does not have",
            isMusl
                ? "it was built for musl: build it for glibc, or use an Alpine run image"
                : "use a run image with glibc, or leave --run-image out to use one made from this machine")
    }

    /// - Parameter installed: where this machine has it.
    mutating func addLibrary(_ soname: String, neededBy file: String, installed: FilePath? = nil) {
        add(
            .library, soname, file, "\(file) needs \(soname), which the run image does not have",
            LibraryPackage.advice(for: soname), installed: installed)
    }

    /// - Parameter installed: where this machine has it.
    mutating func addInterpreter(_ program: String, of script: String, installed: FilePath?) {
        add(
            .interpreter, program, script, "\(script) is run by \(program), which the run image does not have",
            "begin it with #!/bin/sh, if it needs no more, or use a run image that has \(program)",
            installed: installed)
    }

    mutating func addOpened(_ soname: String, by file: String) {
        add(
            .openedLibrary, soname, file,
            "\(file) may open \(soname) by name, which this machine has and the run image does not",
            "if the release needs it, use a run image that has \(LibraryPackage.name(of: soname))", isFatal: false)
    }

    /// Adds the newest of some missing versions of each family.
    mutating func addVersions(_ missing: Set<String>, of soname: String, offered: Set<String>, neededBy file: String) {
        for (_, versions) in Dictionary(grouping: missing.map(SymbolVersion.init), by: \.family) {
            guard let newest = versions.max(by: { $0.isBefore($1) }) else { continue }
            let known = newest.newest(of: offered).map { "goes up to \($0)" } ?? "has no such versions"
            add(
                .symbolVersion, newest.text, file,
                "\(file) needs \(newest.text) of \(soname); the run image's \(known)",
                "use a newer run image, or leave --run-image out to use one made from this machine")
        }
    }

    mutating func add(_ tool: ReleaseTool) {
        add(
            .tool, tool.name, "bin", "the run image has no \(tool.name): \(tool.purpose)",
            "use a run image that has the Debian package \(tool.package)", isFatal: tool.isFatal)
    }

    mutating func addLocale() {
        add(
            .locale, "C.UTF-8", "bin", "the run image has no C.UTF-8 locale, so text other than ASCII will be wrong",
            "use a run image with the Debian package libc-bin, or leave --run-image out", isFatal: false)
    }

    private mutating func add(
        _ kind: RunImageFinding.Kind, _ subject: String, _ file: String, _ message: String, _ advice: String,
        isFatal: Bool = true, installed: FilePath? = nil
    ) {
        let key = kind.rawValue + " " + subject
        gathered[
            key,
            default: RunImageFinding(
                kind, subject: subject, files: [], message: message, advice: advice, isFatal: isFatal,
                installed: installed)
        ].files.append(file)
    }
}

extension RunImageFinding {
    fileprivate var withSortedFiles: RunImageFinding {
        var finding = self
        finding.files = Set(files).sorted()
        return finding
    }
}

/// A version of a library's symbols, such as `GLIBC_2.34`: a family and numbers.
struct SymbolVersion {
    let text: String
    let family: Substring
    let numbers: [Int]

    init(_ text: String) {
        self.text = text
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        let last = parts.last ?? ""
        numbers = last.split(separator: ".").compactMap { Int($0) }
        family = numbers.isEmpty ? Substring(text) : text.dropLast(last.count)
    }

    /// The newest of some versions that are of the same family as this one.
    func newest(of versions: Set<String>) -> String? {
        versions.map(SymbolVersion.init).filter { $0.family == family }.max { $0.isBefore($1) }?.text
    }

    func isBefore(_ other: SymbolVersion) -> Bool { numbers.lexicographicallyPrecedes(other.numbers) }
}

/// The Debian packages that have the libraries which releases need most.
package enum LibraryPackage {
    private static let names = [
        "libc.so.6": "libc6", "libm.so.6": "libc6", "libdl.so.2": "libc6", "libpthread.so.0": "libc6",
        "libgcc_s.so.1": "libgcc-s1", "libstdc++.so.6": "libstdc++6", "libtinfo.so.6": "libtinfo6",
        "libncursesw.so.6": "libncursesw6", "libz.so.1": "zlib1g", "libcrypto.so.3": "libssl3",
        "libssl.so.3": "libssl3",
        "libcrypto.so.1.1": "libssl1.1", "libssl.so.1.1": "libssl1.1", "libsctp.so.1": "libsctp1",
        "libsystemd.so.0": "libsystemd0", "libsqlite3.so.0": "libsqlite3-0", "libGLU.so.1": "libglu1-mesa",
        "libOpenGL.so.0": "libopengl0", "libGL.so.1": "libgl1", "libodbc.so.2": "libodbc2",
        "libvips.so.42": "libvips42", "libpq.so.5": "libpq5", "libcurl.so.4": "libcurl4", "libxml2.so.2": "libxml2",
        "libsodium.so.23": "libsodium23", "libuuid.so.1": "libuuid1", "libgomp.so.1": "libgomp1",
        "libwx_baseu-3.2.so.0": "libwxbase3.2-1", "libwx_gtk3u_core-3.2.so.0": "libwxgtk3.2-1",
        "libwx_gtk3u_gl-3.2.so.0": "libwxgtk-gl3.2-1", "libwx_gtk3u_webview-3.2.so.0": "libwxgtk-webview3.2-1",
    ]

    /// The package's name; `nil` if it is not known.
    package static func package(of soname: String) -> String? { names[soname] }

    /// The package of a library, or only "it".
    static func name(of soname: String) -> String { names[soname].map { "the Debian package \($0)" } ?? "it" }

    /// What to do about a library that is missing.
    static func advice(for soname: String) -> String {
        "use a run image that has \(name(of: soname)), or leave --run-image out to use one made from this machine"
    }
}
