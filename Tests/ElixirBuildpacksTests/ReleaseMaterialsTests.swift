import Files
import Materials
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

@Suite("What a release is made of")
struct ReleaseMaterialsTests {
    private static let checksum = String(repeating: "0a", count: 32)
    private static let lock = """
        %{
          "jason": {:hex, :jason, "1.4.1", "aa", [:mix], [], "hexpm", "\(checksum)"},
          "ours": {:hex, :ours, "0.1.0", "aa", [:mix], [], "acme", "\(checksum)"},
          "fast": {:git, "https://me:s3cret@github.com/acme/fast.git", "4ab7", []},
          "credo": {:hex, :credo, "1.7.0", "aa", [:mix], [], "hexpm", "\(checksum)"}
        }
        """

    private func bill(_ folder: FilePath) throws -> MaterialsBill {
        for path in [
            "base/lib/kernel-8.5", "base/lib/elixir-1.14.0", "base-native/lib/kernel-8.5", "deps/lib/jason-1.4.1",
            "deps/lib/ours-0.1.0",
            "deps/lib/fast-0.2.0", "release/lib/shop-0.1.0", "release/lib/near-0.3.0",
        ] { try folder.appending("layers/\(path)").makeFolder() }
        try folder.appending("layers/release/lib/jason-1.4.1").makeLink(to: "../../deps/lib/jason-1.4.1")
        let copy = folder.appending("copy")
        try copy.appending("mix.lock").write(Self.lock)
        try copy.appending("deps/jason/hex_metadata.config").write(
            "{<<\"licenses\">>,[<<\"Apache-2.0\">>]}.\n{<<\"name\">>,<<\"jason\">>}.\n")
        try folder.appending("hex/hex.config").write(
            "{'$repos',#{<<\"acme\">> => #{url => <<\"https://me:s3cret@hex.acme.example\">>}}}.\n")
        return ReleaseMaterials(
            name: "shop", version: "0.1.0", otpVersion: "25.2.3", layers: folder.appending("layers"), copy: copy,
            lock: copy.appending("mix.lock"),
            repositories: HexConfiguration(["HEX_HOME": folder.appending("hex").string])
        ).bill
    }

    @Test("it lists what the layers hold, with where mix.lock says that it comes from, and nothing else of mix.lock")
    func origins() throws {
        try withTemporaryFolder { folder in
            let materials = try bill(folder).materials
            #expect(
                materials.compactMap(\.url) == [
                    "pkg:otp/near@0.3.0", "pkg:otp/shop@0.1.0", "pkg:github/acme/fast@4ab7",
                    "pkg:hex/jason@1.4.1?checksum=sha256:\(Self.checksum)",
                    "pkg:hex/ours@0.1.0?checksum=sha256:\(Self.checksum)&repository_url=https://hex.acme.example",
                    "pkg:otp/elixir@1.14.0", "pkg:otp/kernel@8.5", "pkg:generic/erlang@25.2.3",
                ])
            let jason = materials.first { $0.name == "jason" }
            #expect(jason?.licences == ["Apache-2.0"] && jason?.sha256 == Self.checksum)
            #expect(materials.filter { $0.name != "jason" }.allSatisfy { $0.licences.isEmpty })
            #expect(
                materials.compactMap { $0.properties["mixpack:origin"] } == [
                    "project", "project", "dependency", "dependency", "dependency", "Elixir", "Erlang/OTP",
                    "Erlang/OTP",
                ])
            #expect(materials.last?.cpe == "cpe:2.3:a:erlang:erlang\\/otp:25.2.3:*:*:*:*:*:*:*")
        }
    }

    @Test("each format is a document, without a password and without a path of this machine")
    func documents() throws {
        try withTemporaryFolder { folder in
            let bill = try bill(folder)
            for format in MaterialsBill.Format.allCases {
                let text = String(decoding: try bill.document(format), as: UTF8.self)
                #expect(text.contains("pkg:hex/jason@1.4.1"))
                #expect(!text.contains("s3cret") && !text.contains(folder.string))
            }
        }
    }
}
