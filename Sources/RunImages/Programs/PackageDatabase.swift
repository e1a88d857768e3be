import Files
import Glibc
import SystemPackage

/// The packages that dpkg installed, as its own files list them: nothing is started.
package struct PackageDatabase: Sendable {
    /// An installed package.
    struct Package: Sendable, Hashable {
        let name: String
        let version: String
        let architecture: String
        /// What it depends on; of each list one is enough.
        let dependencies: [[String]]
        /// Whether every machine has it, so that others need not name it.
        let isEssential: Bool
        /// What dpkg's `status` says of it, without dependencies and descriptions: what scanners go by.
        let record: String
    }

    private let folder: FilePath
    private let packages: [String: Package]
    /// Packages that stand in for a name that is not a package's.
    private let providers: [String: [String]]

    /// What only installs packages, and what a run image has in its own way.
    private static let leftOut: Set<String> = [
        "adduser", "base-files", "base-passwd", "cdebconf", "debconf", "debianutils", "dpkg", "init-system-helpers",
        "install-info", "libc-bin", "libc6", "login", "lsb-base", "passwd", "sensible-utils", "sysvinit-utils", "ucf",
    ]

    /// Reads dpkg's folder; `nil` where it has no list of packages.
    package init?(folder: FilePath = "/var/lib/dpkg") {
        guard let status = folder.appending("status").text else { return nil }
        self.folder = folder
        var packages: [String: Package] = [:]
        var providers: [String: [String]] = [:]
        for paragraph in ControlParagraph.all(in: status) where paragraph.isInstalled {
            let package = paragraph.package
            // Of a package for several processors the machine's own counts.
            if let known = packages[package.name], !known.isForeign { continue }
            packages[package.name] = package
            for name in paragraph.provided { providers[name, default: []].append(package.name) }
        }
        self.packages = packages
        self.providers = providers
    }

    /// An installed package, by its name.
    func package(named name: String) -> Package? { packages[name] }

    /// The package that a file comes from.
    func owner(of path: FilePath) -> Package? {
        let names = Self.aliases(of: path.string)
        for list in folder.appending("info").names where list.hasSuffix(".list") {
            guard let bytes = try? folder.appending("info").appending(list).bytes() else { continue }
            guard names.contains(where: { Self.holds(bytes, line: $0) }) else { continue }
            let name = list.dropLast(".list".count).split(separator: ":").first.map(String.init) ?? ""
            if let package = packages[name] { return package }
        }
        return nil
    }

    /// The packages that files come from, by name; of all others only the lists of their files are read.
    static func owners(of paths: some Sequence<String>, in folder: FilePath = "/var/lib/dpkg") -> [Package] {
        let lists = folder.appending("info")
        let wanted = WantedLines(Set(paths.flatMap(Self.aliases)))
        let names = lists.names.filter { name in
            guard name.hasSuffix(".list"), let bytes = try? lists.appending(name).bytes() else { return false }
            return wanted.areAny(in: bytes)
        }
        guard !names.isEmpty, let status = try? folder.appending("status").bytes() else { return [] }
        return names.compactMap { package(listedIn: $0, status: status) }.sorted { $0.name < $1.name }
    }

    /// The package of a list, such as `libc6:amd64.list`.
    private static func package(listedIn list: String, status: [UInt8]) -> Package? {
        let parts = list.dropLast(".list".count).split(separator: ":")
        guard let name = parts.first.map(String.init) else { return nil }
        let paragraphs = ControlParagraph.all(of: name, in: status).filter(\.isInstalled).map(\.package)
        return paragraphs.first { parts.count < 2 || $0.architecture == parts[1] }
    }

    /// The packages that a package needs to run, itself first, then by name.
    func closure(of package: Package) -> [Package] {
        var found = [package.name: package]
        var queue = [package]
        while let next = queue.popLast() {
            for alternatives in next.dependencies {
                guard let needed = alternatives.lazy.compactMap(installed).first, found[needed.name] == nil,
                    !Self.leftOut.contains(needed.name)
                else { continue }
                found[needed.name] = needed
                queue.append(needed)
            }
        }
        found[package.name] = nil
        return [package] + found.values.sorted { $0.name < $1.name }
    }

    /// The paths of a package's files, links and folders.
    func files(of package: Package) -> [String] {
        (list(of: package)?.text ?? "").split(separator: "\n").map(String.init)
    }

    /// The file that lists a package's files.
    func list(of package: Package) -> FilePath? {
        ["\(package.name).list", "\(package.name):\(package.architecture).list"]
            .map { folder.appending("info").appending($0) }.first(where: \.isFile)
    }

    private func installed(_ name: String) -> Package? {
        packages[name] ?? providers[name]?.sorted().first.flatMap { packages[$0] }
    }

    /// Packages list `/bin/bash` or `/usr/bin/bash`, which are one file where `/bin` is a link.
    package static func aliases(of path: String) -> [String] {
        path.hasPrefix("/usr/") ? [path, String(path.dropFirst("/usr".count))] : [path, "/usr" + path]
    }

    private static func holds(_ text: [UInt8], line: String) -> Bool {
        (text + [0]).withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return false }
            return start.withMemoryRebound(to: CChar.self, capacity: buffer.count) { text in
                strstr(text, "\n\(line)\n") != nil
            }
        }
    }
}

extension PackageDatabase.Package {
    fileprivate var isForeign: Bool { architecture != "all" && architecture != DebianArchitecture.current?.name }
}

/// One package of dpkg's file `status`.
struct ControlParagraph {
    private let fields: [Substring: Substring]

    private static let known: Set<Substring> = [
        "Package", "Status", "Version", "Architecture", "Depends", "Pre-Depends", "Provides", "Essential", "Source",
        "Maintainer", "Homepage",
    ]
    private static let recorded: [Substring] = [
        "Package", "Status", "Source", "Version", "Architecture", "Maintainer", "Homepage",
    ]

    static func all(in text: String) -> [ControlParagraph] {
        var all: [ControlParagraph] = []
        var fields: [Substring: Substring] = [:]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty {
                if !fields.isEmpty { all.append(ControlParagraph(fields: fields)) }
                fields = [:]
            } else if line.utf8.first != UInt8(ascii: " "), let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
                let name = line[..<colon]
                guard known.contains(name) else { continue }
                fields[name] = line[line.utf8.index(after: colon)...].drop { $0 == " " }
            }
        }
        return fields.isEmpty ? all : all + [ControlParagraph(fields: fields)]
    }

    /// Those of one package: of several processors there may be several.
    static func all(of name: String, in status: [UInt8]) -> [ControlParagraph] {
        var found: [ControlParagraph] = []
        ([0x0A] + status + [0]).withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            start.withMemoryRebound(to: CChar.self, capacity: buffer.count) { text in
                var rest = UnsafePointer(text)
                while let head = strstr(rest, "\nPackage: \(name)\n") {
                    let first = UnsafePointer(head + 1)
                    let end = strstr(first, "\n\n").map { UnsafePointer($0) } ?? first + strlen(first)
                    let bytes = UnsafeRawBufferPointer(start: first, count: end - first)
                    found += all(in: String(decoding: bytes, as: UTF8.self))
                    rest = end
                }
            }
        }
        return found
    }

    var isInstalled: Bool { fields["Status"]?.hasSuffix(" installed") == true && fields["Package"] != nil }

    var package: PackageDatabase.Package {
        PackageDatabase.Package(
            name: String(fields["Package"] ?? ""), version: String(fields["Version"] ?? ""),
            architecture: String(fields["Architecture"] ?? "all"),
            dependencies: names("Pre-Depends") + names("Depends"),
            isEssential: fields["Essential"] == "yes", record: record)
    }

    private var record: String {
        Self.recorded.compactMap { name in fields[name].map { "\(name): \($0)\n" } }.joined()
    }

    /// The names that it provides; each can be had without the version that stands behind it.
    var provided: [String] { names("Provides").flatMap(\.self) }

    /// `a (>= 1) | b, c:any` as the names in it.
    private func names(_ field: Substring) -> [[String]] {
        (fields[field] ?? "").split(separator: ",").map { group in
            group.split(separator: "|").compactMap { word in
                let name = word.drop { $0 == " " }.prefix { !" (:[".contains($0) }
                return name.isEmpty ? nil : String(name)
            }
        }
    }
}
