import SystemPackage

/// Which files of configuration a production build reads: config.exs, what it imports, and what is read at the start.
struct ConfigurationImports {
    /// The files that are reached, of those in which something was found.
    let reached: Set<String>

    init(_ hits: [ScanHit]) {
        let files = Set(hits.map(\.file))
        let imports = Dictionary(grouping: hits.filter { $0.kind == .import }, by: \.file)
        var reached: Set<String> = []
        var open = ["config/config.exs", "config/runtime.exs", "config/releases.exs"]
        while let file = open.popLast() {
            guard reached.insert(file).inserted else { continue }
            for hit in imports[file] ?? [] {
                // A computed name may be any file but those of other environments.
                open += hit.name.contains("*") ? files.filter(Self.mayBeComputed) : [Self.path(of: hit)]
            }
        }
        self.reached = reached
    }

    /// Whether a file is one of configuration, the project's or a child's.
    static func isConfiguration(_ file: String) -> Bool {
        file.hasSuffix(".exs") && file.split(separator: "/").contains("config")
    }

    /// The file that an import means, relative to the project's folder.
    static func path(of hit: ScanHit) -> String {
        FilePath(hit.file).removingLastComponent().appending(hit.name).lexicallyNormalized().string
    }

    private static func mayBeComputed(_ file: String) -> Bool {
        let name = FilePath(file).lastComponent?.string ?? ""
        return isConfiguration(file) && !name.hasPrefix("dev.") && !name.hasPrefix("test.")
    }
}
