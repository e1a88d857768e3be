import Digests
import Files
import SystemPackage

/// An archive that a dependency fetches in place of compiling native code, for another processor.
struct PrecompiledArchive: Hashable {
    var name: String
    /// Where it is; `nil` where the dependency does not say so in a way that can be read.
    var url: String?
    /// What the dependency's list of checksums says of it; `nil` where it has no such archive.
    var digest: FileDigest?
    /// The member that a file of the release comes from.
    var member: String
}

/// A dependency with native code, as it lies in a release and in its sources.
struct NativePackage {
    let application: String
    let version: String
    /// The package's own folder; nothing is there for applications of the project.
    let source: FilePath
    /// The processors in Linux's words, such as `x86_64`: this machine's, and the other.
    let from: String
    let to: String

    /// - Parameter path: a file of the release, `lib/APPLICATION-VERSION/…`; `nil` for any other.
    init?(_ path: String, sources: FilePath, from: String, to: String) {
        guard let match = path.wholeMatch(of: /lib\/([^\/-]+)-([^\/]+)\/.+/) else { return nil }
        application = String(match.1)
        version = String(match.2)
        source = sources.appending(String(match.1))
        self.from = from
        self.to = to
    }

    /// The archive that has the counterpart of a file; `nil` where the file was compiled on this machine.
    /// - Parameters:
    ///   - path: the file's path in the release.
    ///   - home: the home folder of the build, with the caches of what fetches.
    ///   - nifVersion: the version of Erlang's interface for native code.
    func archive(of path: String, home: FilePath, nifVersion: () -> NIFVersion?) -> PrecompiledArchive? {
        rustlerArchive(of: path, home) ?? makeArchive(of: path, home, nifVersion)
    }
}

// MARK: rustler_precompiled

extension NativePackage {
    /// `lib<crate>-v<version>-nif-<nif>-<target>[--<variant>].so`: variants suit the processor that chose them, so the
    /// archive without one is taken.
    private func rustlerArchive(of path: String, _ home: FilePath) -> PrecompiledArchive? {
        guard let file = path.split(separator: "/").last.map(String.init),
            let match = file.wholeMatch(
                of: /(lib.+-v(.+)-nif-[0-9.]+)-([a-z0-9_]+)-unknown-linux-([a-z]+?)(--.+)?\.so/),
            match.3 == from
        else { return nil }
        let sums = checksums { $0.hasPrefix("checksum-") }
        guard !sums.isEmpty else { return nil }
        let member = "\(match.1)-\(to)-unknown-linux-\(match.4).so"
        let name = member + ".tar.gz"
        return PrecompiledArchive(
            name: name, url: rustlerPlace(String(match.2), file, home).map { Self.joined($0, name) },
            digest: sums[name], member: member)
    }

    /// The place that the compilation noted, else the one in the sources.
    private func rustlerPlace(_ version: String, _ file: String, _ home: FilePath) -> String? {
        let folder = home.appending(".cache/rustler_precompiled/metadata")
        for name in folder.names.sorted() where name.hasPrefix("metadata-") {
            guard let text = folder.appending(name).text,
                let crate = text.firstMatch(of: /basename: "([^"]+)"/)?.1, file.hasPrefix("lib\(crate)-v"),
                text.contains("version: \"\(version)\"")
            else { continue }
            // A place that asks for headers is private.
            guard let place = text.firstMatch(of: /base_url:\s*(?:"([^"]+)"|\{\s*"([^"]+)",\s*\[\]\s*\})/) else {
                return nil
            }
            return (place.1 ?? place.2).map(String.init)
        }
        for text in sourceTexts {
            guard let place = text.firstMatch(of: /base_url:\s*"([^"]+)"/)?.1 else { continue }
            return filled(String(place), version)
        }
        return nil
    }

    private var sourceTexts: [String] {
        let folder = source.appending("lib")
        return Self.files(below: folder).filter { $0.string.hasSuffix(".ex") }.compactMap(\.text)
            .filter { $0.contains("RustlerPrecompiled") }
    }

    /// The files of a package's folder, links left out.
    private static func files(below folder: FilePath) -> [FilePath] {
        folder.names.sorted().flatMap { name -> [FilePath] in
            let place = folder.appending(name)
            if place.linkTarget != nil { return [] }
            return place.isFolder ? files(below: place) : [place]
        }
    }

    private static func joined(_ place: String, _ name: String) -> String {
        let parts = place.split(separator: "?", maxSplits: 1).map(String.init)
        let path = parts[0].hasSuffix("/") ? parts[0] + name : parts[0] + "/" + name
        return parts.count > 1 ? path + "?" + parts[1] : path
    }
}

// MARK: elixir_make

extension NativePackage {
    /// `<application>-nif-<nif>-<target>-<version>.tar.gz`, with the files of the application's `priv`.
    private func makeArchive(
        of path: String, _ home: FilePath, _ nifVersion: () -> NIFVersion?
    ) -> PrecompiledArchive? {
        let top = "lib/\(application)-\(version)/priv/"
        guard path.hasPrefix(top) else { return nil }
        let sums = checksums { $0 == "checksum.exs" }
        let own = sums.keys.compactMap { archive(named: $0, for: from) }
        guard !own.isEmpty else { return nil }
        let fetched = home.appending(".cache/elixir_make").names.compactMap { archive(named: $0, for: from) }
        let versions = Set((fetched.isEmpty ? own : fetched).map(\.nif))
        let known =
            versions.count == 1 ? versions.first : nifVersion().flatMap { most in versions.filter { $0 <= most }.max() }
        guard let nif = known, let abi = own.first(where: { $0.nif == nif })?.abi else { return nil }
        let name = "\(application)-nif-\(nif)-\(to)-linux-\(abi)-\(version).tar.gz"
        return PrecompiledArchive(
            name: name, url: makePlace.map { $0.replacing("@{artefact_filename}", with: name) }, digest: sums[name],
            member: String(path.dropFirst(top.count)))
    }

    private func archive(named name: String, for processor: String) -> (nif: NIFVersion, abi: String)? {
        guard let match = name.wholeMatch(of: /(.+)-nif-([0-9.]+)-([a-z0-9_]+)-linux-([a-z]+)-(.+)\.tar\.gz/),
            match.1 == application, match.3 == processor, match.5 == version, let nif = NIFVersion(String(match.2))
        else { return nil }
        return (nif, String(match.4))
    }

    private var makePlace: String? {
        let text = source.appending("mix.exs").text ?? ""
        return text.firstMatch(of: /make_precompiler_url:\s*"([^"]+)"/).flatMap { filled(String($0.1), version) }
    }
}

extension NativePackage {
    /// The names of archives with their digests, from the package's lists.
    private func checksums(in isList: (String) -> Bool) -> [String: FileDigest] {
        var sums: [String: FileDigest] = [:]
        for name in source.names where isList(name) && name.hasSuffix(".exs") {
            for match in (source.appending(name).text ?? "").matches(of: /"([^"]+)"\s*=>\s*"sha256:([0-9a-fA-F]{64})"/)
            {
                sums[String(match.1)] = .sha256(String(match.2))
            }
        }
        return sums
    }

    /// A text with the version in the place of `#{@version}` and the like; `nil` where it has anything else to fill in.
    private func filled(_ text: String, _ version: String) -> String? {
        let filled = text.replacing(/#\{@?[a-z_]*version\}/, with: version)
        return filled.contains("#{") ? nil : filled
    }
}

/// The version of Erlang's interface for native code, such as 2.16.
struct NIFVersion: Hashable, Comparable, CustomStringConvertible {
    let major: Int
    let minor: Int

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
        self.init(major: major, minor: minor)
    }

    /// The one of an Erlang, by its header; `nil` where that is not installed.
    init?(erlangRoot: FilePath) {
        let text = erlangRoot.appending("usr/include/erl_nif.h").text ?? ""
        guard let major = text.firstMatch(of: /ERL_NIF_MAJOR_VERSION\s+([0-9]+)/).flatMap({ Int($0.1) }),
            let minor = text.firstMatch(of: /ERL_NIF_MINOR_VERSION\s+([0-9]+)/).flatMap({ Int($0.1) })
        else { return nil }
        self.init(major: major, minor: minor)
    }

    static func < (one: NIFVersion, other: NIFVersion) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }

    var description: String { "\(major).\(minor)" }
}
