import Diagnostics
import Digests
import Files
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

/// Libraries that dependencies fetch, for another processor: what is fetched, and what is refused.
@Suite struct PrecompiledTests {
    private static let fast = "lib/fast-0.1.0/priv/native/libfast-v0.1.0-nif-2.15-x86_64-unknown-linux-gnu.so"
    private static let fastArchive = "libfast-v0.1.0-nif-2.15-aarch64-unknown-linux-gnu.so.tar.gz"
    private static let quick = "lib/quick-0.2.0/priv/quick_nif.so"
    private static func quickArchive(_ nif: String) -> String { "quick-nif-\(nif)-aarch64-linux-gnu-0.2.0.tar.gz" }
    private static let sum = String(repeating: "ab", count: 32)

    /// The folders of a build, with the lists of checksums that a test gives.
    private struct Build {
        let folder: FilePath
        var sources: FilePath { folder.appending("deps") }
        var home: FilePath { folder.appending("home") }

        func list(_ names: [String], in file: String) throws {
            let lines = names.map { "  \"\($0)\" => \"sha256:\(PrecompiledTests.sum)\",\n" }.joined()
            try sources.appending(file).write("%{\n\(lines)}\n")
        }

        func archive(_ path: String, nif: NIFVersion? = nil) -> PrecompiledArchive? {
            NativePackage(path, sources: sources, from: "x86_64", to: "aarch64")?
                .archive(of: path, home: home) { nif }
        }
    }

    @Test("rustler_precompiled: the place that the compilation noted, else the one of the sources; no variant")
    func rustler() throws {
        try withTemporaryFolder { folder in
            let build = Build(folder: folder)
            #expect(build.archive(Self.fast) == nil, "without a list it was compiled here")
            try build.list([Self.fastArchive], in: "fast/checksum-Elixir.Fast.exs")
            let unplaced = try #require(build.archive(Self.fast))
            #expect(unplaced.url == nil && unplaced.digest == .sha256(Self.sum) && unplaced.name == Self.fastArchive)
            #expect(unplaced.member == String(Self.fastArchive.dropLast(".tar.gz".count)))
            try build.sources.appending("fast/lib/fast/native.ex").write(
                """
                defmodule Fast.Native do
                  use RustlerPrecompiled, otp_app: :fast, crate: "fast", version: version,
                    base_url: "https://example.com/fast/v#{version}"
                end
                """)
            #expect(build.archive(Self.fast)?.url == "https://example.com/fast/v0.1.0/\(Self.fastArchive)")
            let variant = Self.fast.replacing(".so", with: "--legacy.so")
            #expect(build.archive(variant)?.name == Self.fastArchive)
            func note(_ place: String) throws {
                try build.home.appending(".cache/rustler_precompiled/metadata/metadata-Elixir.Fast.exs").write(
                    "%{\n  version: \"0.1.0\",\n  basename: \"fast\",\n  base_url: \(place)\n}")
            }
            try note("{\"https://noted.example/a?b=c\", []}")
            #expect(build.archive(Self.fast)?.url == "https://noted.example/a/\(Self.fastArchive)?b=c")
            try note("\"https://noted.example/\"")
            #expect(build.archive(Self.fast)?.url == "https://noted.example/\(Self.fastArchive)")
            try note("{\"https://private.example\", [{\"authorization\", \"secret\"}]}")
            #expect(try #require(build.archive(Self.fast)).url == nil, "a place that asks for headers is private")
            let other = Self.fast.replacing("x86_64", with: "riscv64")
            #expect(build.archive(other) == nil, "it is not this machine's")
            #expect(build.archive("lib/fast-0.1.0/priv/native/fast.so") == nil, "it was compiled here")
        }
    }

    @Test(
        "elixir_make: the version of the interface is that of what was fetched, else the newest that this Erlang knows")
    func make() throws {
        try withTemporaryFolder { folder in
            let build = Build(folder: folder)
            let own = ["2.15", "2.16", "2.17"].map { Self.quickArchive($0).replacing("aarch64", with: "x86_64") }
            try build.list(own + [Self.quickArchive("2.15"), Self.quickArchive("2.16")], in: "quick/checksum.exs")
            try build.sources.appending("quick/mix.exs").write(
                "make_precompiler_url:\n  \"https://example.com/v#{@version}/@{artefact_filename}\",\n")
            #expect(build.archive(Self.quick) == nil, "nobody knows which one it is")
            let found = try #require(build.archive(Self.quick, nif: NIFVersion(major: 2, minor: 16)))
            #expect(
                found.url == "https://example.com/v0.2.0/\(Self.quickArchive("2.16"))" && found.member == "quick_nif.so"
            )
            let lacking = try #require(build.archive(Self.quick, nif: NIFVersion(major: 3, minor: 0)))
            #expect(lacking.name == Self.quickArchive("2.17") && lacking.digest == nil)
            try build.home.appending(".cache/elixir_make").appending(own[0]).write("")
            #expect(build.archive(Self.quick)?.name == Self.quickArchive("2.15"))
            #expect(build.archive("lib/quick-0.3.0/priv/quick_nif.so") == nil, "another version than the list's")
            #expect(build.archive("lib/quick-0.2.0/ebin/quick_nif.so") == nil && build.archive("bin/quick") == nil)
        }
    }

    @Test("what has no counterpart is refused with the application, the file and what to do; nothing is fetched")
    func refused() async throws {
        try await withTemporaryFolder { folder in
            let build = Build(folder: folder)
            func failure(_ paths: [String], isOffline: Bool = false) async -> Failure? {
                await #expect(throws: Failure.self) {
                    let libraries = PrecompiledLibraries(
                        sources: build.sources, home: build.home, shelf: folder.appending("shelf"),
                        erlangRoot: "/nonexistent", processors: ("x86_64", "aarch64"), downloader: FileDownloader(),
                        isOffline: isOffline, unpack: { _, _ in [] }, notice: { _ in }
                    )
                    try await libraries.replace(try libraries.plan(paths), in: folder.appending("layer"))
                }
            }
            let compiled = await failure(["lib/bcrypt_elixir-3.1.0/priv/bcrypt_nif.so", "lib/a-1.0.0/priv/b.so"])
            #expect(compiled?.code == .exportFailed)
            #expect(
                compiled?.message.hasPrefix(
                    "bcrypt_elixir has native code that was compiled here, for this processor: "
                        + "lib/bcrypt_elixir-3.1.0/priv/bcrypt_nif.so (and 1 more)") == true, "\(compiled as Any)")
            #expect(compiled?.advice?.contains("mixpack index") == true)
            try build.list([Self.fastArchive.replacing("aarch64", with: "x86_64")], in: "fast/checksum-Elixir.Fast.exs")
            let target = await failure([Self.fast])
            #expect(
                target?.message == "fast has no library for aarch64: its checksums lack \(Self.fastArchive)",
                "\(target as Any)")
            try build.list([Self.fastArchive], in: "fast/checksum-Elixir.Fast.exs")
            let place = await failure([Self.fast])
            #expect(place?.message.hasPrefix("fast does not say where \(Self.fastArchive) is") == true)
            try build.sources.appending("fast/lib/fast.ex").write(
                "use RustlerPrecompiled, base_url: \"https://example.com\"")
            let offline = await failure([Self.fast], isOffline: true)
            #expect(offline?.code == .fetchFailed && offline?.message.contains(Self.fastArchive) == true)
            #expect(!folder.appending("layer").isThere)
        }
    }
}
