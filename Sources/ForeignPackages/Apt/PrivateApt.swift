import Commands
import Diagnostics
import Files
import Glibc
import RunImages
import SystemPackage
import Text

/// An apt of mixpack's own for another processor, as an ordinary user: the machine's apt and dpkg know nothing of it.
///
/// It takes packages from where the machine does, and trusts whom the machine trusts. apt checks the signatures of the
/// lists and the packages by the lists; lists are kept for a day.
package actor PrivateApt {
    package nonisolated let architecture: DebianArchitecture
    private let machine: AptMachine
    private let lists: FilePath
    private let runner: any CommandRunner
    private let isOffline: Bool
    private let day: String
    private let notice: @Sendable (String) -> Void
    /// Whether the lists were fetched just now, so that fetching them again would change nothing.
    private var isFresh = false

    /// - Parameters:
    ///   - cache: the folder where lists are kept.
    ///   - isOffline: whether nothing may be fetched.
    ///   - day: today, as a part of a file's name.
    ///   - notice: told, in one line, what is going to be fetched.
    package init(
        _ architecture: DebianArchitecture, machine: AptMachine, cache: FilePath, runner: any CommandRunner,
        isOffline: Bool = false, day: String = String(time(nil) / 86_400), notice: @escaping @Sendable (String) -> Void
    ) {
        self.architecture = architecture
        self.machine = machine
        lists = cache.appending("lists").appending(architecture.name)
        self.runner = runner
        self.isOffline = isOffline
        self.day = day
        self.notice = notice
    }

    /// What the mirror has of some packages: one record for each version; none of a name that it does not know.
    /// - Throws: `Failure` of code `fetchFailed` when the lists cannot be had or are not signed as they should be.
    package func records(of names: some Sequence<String>) async throws -> [PackageRecord] {
        guard !isOffline else {
            throw Failure(
                .fetchFailed,
                "packages for \(architecture.name) are not on this machine, and nothing may be fetched: "
                    + Set(names).sorted().joined(separator: ", "),
                advice: "build once with the network: they are kept")
        }
        return try await withConfiguration { configuration in
            let arguments = ["show"] + Set(names).sorted()
            let (end, text) = try await run("apt-cache", arguments, configuration)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            if !end.isSuccess, let reason = Self.reason(lines), reason != "No packages found" {
                throw Failure(.fetchFailed, "cannot read the lists of packages: \(reason)")
            }
            let kept = lines.filter { line in !["N: ", "W: ", "E: "].contains(where: line.hasPrefix) }
            return PackageRecord.all(in: kept.joined(separator: "\n")).filter {
                [architecture.name, "all"].contains($0.architecture)
            }
        }
    }

    /// Fetches packages into a folder.
    /// - Returns: their files, by name.
    /// - Throws: `Failure` of code `fetchFailed` when one cannot be had, or is not what the lists say.
    package func fetch(_ records: [PackageRecord], to folder: FilePath) async throws -> [String: FilePath] {
        let wanted = records.map { "\($0.name)=\($0.version)" }.sorted()
        guard !wanted.isEmpty else { return [:] }
        do {
            try await download(wanted, records, to: folder)
        } catch let failure as Failure where !isFresh {
            // Within a day a mirror may have gone on to other versions of the files that the lists name.
            try await refresh(because: failure)
            try await download(wanted, records, to: folder)
        }
        var files: [String: FilePath] = [:]
        for name in folder.names where name.hasSuffix(".deb") {
            files[String(name.prefix { $0 != "_" })] = folder.appending(name)
        }
        for record in records where files[record.name] == nil {
            throw Failure(.fetchFailed, "apt did not fetch \(record.name) \(record.version)")
        }
        return files
    }

    private func download(_ wanted: [String], _ records: [PackageRecord], to folder: FilePath) async throws {
        try await withConfiguration { configuration in
            let (_, text) = try await run("apt-get", ["download", "--print-uris"] + wanted, configuration)
            let hosts = Set(
                text.split(separator: "\n").filter { $0.hasPrefix("'") }.map { line in
                    AptAddress.host(String(line.dropFirst().prefix { $0 != "'" }))
                })
            let size = Amount.bytes(records.reduce(0) { $0 + $1.size })
            let count = records.count == 1 ? records[0].name : "\(records.count) packages"
            let from = hosts.isEmpty ? "the mirror" : hosts.sorted().joined(separator: ", ")
            notice("fetching \(count) for \(architecture.name) (\(size)) from \(from)")
            let (end, output) = try await run("apt-get", ["download", "-q"] + wanted, configuration, in: folder)
            guard end.isSuccess else {
                throw failure(output, "cannot fetch \(wanted.joined(separator: ", ")) for \(architecture.name)")
            }
        }
    }

    private func refresh(because failure: Failure) async throws {
        try lists.appending(name).remove()
        do {
            try await withConfiguration { _ in }
        } catch is Failure {
            throw failure
        }
    }

    // MARK: Lists

    private var name: String { day }

    /// Fetches today's lists where there are none; those of other days go.
    private func provideLists(_ configuration: FilePath) async throws {
        try lists.makeFolders()
        let lock = try await FileLock(creating: lists.appending("lock")) {}
        defer { lock.release() }
        let place = lists.appending(name)
        guard !place.isFolder else { return }
        let hosts = Set(machine.sources.flatMap(\.hosts)).sorted().joined(separator: ", ")
        notice("fetching the lists of packages for \(architecture.name) from \(hosts)")
        let new = try ScratchFolder(at: lists.appending("\(name).new"))
        defer { new.remove() }
        // With older lists apt takes a bad signature for a warning, so each day begins with none.
        try new.path.appending("partial").makeFolders()
        let settings = ["-o", "Dir::State::lists=\(new.path)/"]
        let (end, output) = try await run("apt-get", ["update", "-q"] + settings, configuration)
        guard end.isSuccess else {
            throw failure(output, "cannot get the lists of packages for \(architecture.name)")
        }
        try new.path.move(to: place)
        isFresh = true
        for other in lists.names where other != name && other != "lock" { try lists.appending(other).remove() }
    }

    // MARK: apt

    /// Calls `body` with a configuration that stands for that long and says where today's lists are.
    private func withConfiguration<Result>(_ body: (FilePath) async throws -> Result) async throws -> Result {
        try lists.makeFolders()
        let parent = lists.removingLastComponent()
        HeldFolder.removeAbandoned(in: parent, prefix: "apt-")
        let scratch = try HeldFolder(in: parent, prefix: "apt-")
        defer { scratch.remove() }
        let folder = scratch.path
        for name in ["etc/sources.list.d", "etc/apt.conf.d", "etc/preferences.d", "state", "cache/archives/partial"] {
            try folder.appending(name).makeFolders()
        }
        try folder.appending("status").replace(with: [])
        let paragraphs = machine.sources.map(\.paragraph).joined(separator: "\n")
        try folder.appending("etc/sources.list.d/mixpack.sources").replace(with: Array(paragraphs.utf8))
        let configuration = folder.appending("apt.conf")
        try configuration.replace(with: Array(text(in: folder).utf8))
        try await provideLists(configuration)
        return try await body(configuration)
    }

    private func text(in folder: FilePath) -> String {
        let own = [
            ("Dir::Etc", "\(folder)/etc"), ("Dir::Etc::parts", "\(folder)/etc/apt.conf.d"),
            ("Dir::Etc::sourcelist", "/dev/null"), ("Dir::Etc::sourceparts", "\(folder)/etc/sources.list.d"),
            ("Dir::Etc::trusted", "\(machine.folder)/trusted.gpg"),
            ("Dir::Etc::trustedparts", "\(machine.folder)/trusted.gpg.d"),
            ("Dir::Etc::netrc", "\(machine.folder)/auth.conf"),
            ("Dir::Etc::netrcparts", "\(machine.folder)/auth.conf.d"),
            ("Dir::State", "\(folder)/state"), ("Dir::State::status", "\(folder)/status"),
            ("Dir::State::lists", "\(lists.appending(name))/"),
            ("Dir::Cache", "\(folder)/cache"), ("Dir::Cache::pkgcache", "pkgcache.bin"),
            ("Dir::Cache::srcpkgcache", ""), ("APT::Architecture", architecture.name), ("APT::Sandbox::User", ""),
            ("APT::Update::Error-Mode", "any"), ("Acquire::Languages", "none"), ("Debug::NoLocking", "true"),
            ("Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled", "false"),
            ("Acquire::IndexTargets::deb::DEP-11::DefaultEnabled", "false"),
        ]
        let lines = own.map { "\($0.0) \"\($0.1)\";" }
        let architectures = ["#clear APT::Architectures;", "APT::Architectures { \"\(architecture.name)\"; };"]
        return (lines + architectures + machine.settings).joined(separator: "\n") + "\n"
    }

    private func run(
        _ program: FilePath, _ arguments: [String], _ configuration: FilePath, in folder: FilePath = "/"
    ) async throws -> (Termination, String) {
        let own = ["PATH": ProgramLookup.systemPath, "LC_ALL": "C.UTF-8", "APT_CONFIG": configuration.string]
        let output = OutputText()
        let command = Command(
            program, arguments, environment: machine.variables.merging(own) { $1 }, workingDirectory: folder)
        let end = try await runner.run(command) { output.append($0.text) }
        return (end, output.text)
    }

    private func failure(_ output: String, _ what: String) -> Failure {
        let reason = Self.reason(output.split(separator: "\n")) ?? "apt does not say why"
        return Failure(.fetchFailed, "\(what): \(reason)", advice: "see what apt update says on this machine")
    }

    /// The first error that apt prints, with the cause that some have on lines of their own.
    private static func reason(_ lines: [Substring]) -> String? {
        guard let first = lines.firstIndex(where: { $0.hasPrefix("E: ") }) else { return nil }
        let more = lines[(first + 1)...].prefix { $0.hasPrefix("   ") }.map { $0.drop { $0 == " " } }
        return ([lines[first].dropFirst(3)] + more).joined(separator: " ")
    }
}
