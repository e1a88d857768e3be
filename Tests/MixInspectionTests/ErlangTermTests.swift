import Files
import SystemPackage
import TestSupport
import Testing

@testable import MixInspection

@Suite("Erlang's values, as Hex writes them")
struct ErlangTermTests {
    @Test("a file of terms, as Erlang prints them")
    func text() {
        let terms = ErlangTextReader.terms(
            of: Array(
                """
                %% a comment
                {'$repos',#{<<"corp">> =>
                                #{auth_key => <<"a\\"b\\\\c\\n">>, n => -12,
                                  public_key => <<"one "
                                                  "two">>}}}.
                {list,[a,'B c',"hi",<<>>,<<1,2>>,<<"\\x{e9}"/utf8>>,1.5]}.

                """.utf8))
        let corp = ErlangTerm.map([
            .atom("auth_key"): .binary(Array("a\"b\\c\n".utf8)), .atom("n"): .integer(-12),
            .atom("public_key"): .binary(Array("one two".utf8)),
        ])
        #expect(
            terms == [
                .tuple([.atom("$repos"), .map([.binary(Array("corp".utf8)): corp])]),
                .tuple([
                    .atom("list"),
                    .list([
                        .atom("a"), .atom("B c"), .list([.integer(104), .integer(105)]), .binary([]), .binary([1, 2]),
                        .binary(Array("é".utf8)), .other,
                    ]),
                ]),
            ])
        // What is written is read again.
        #expect(terms.map { ErlangTextReader.terms(of: Array("\($0[0].source).".utf8)) } == terms.map { [$0[0]] })
        for broken in ["{a", "[hexpm: 1]", "#{a => }.", "<<\"a.", "'a", "\"\\", "<<256>>.", "{a}"] {
            #expect(ErlangTextReader.terms(of: Array(broken.utf8)) == nil, "\(broken)")
        }
    }

    @Test("a file that is broken in any way is read, and then written to be read as the same, or it is refused")
    func fuzz() {
        let texts = [
            "{'$repos',#{<<\"corp\">> => #{auth_key => <<\"a\\\"b\\n\"/utf8>>}}}.\n",
            "[1,-2.5,'a b',<<1,2>>]. %% c\n",
        ]
        let words = [
            "<<", ">>", "#{", "=>", "\"", "'", "\\", "\\x{", ".", ",", "{", String(repeating: "[", count: 4000),
        ]
        Fuzzing.run(texts, words: words) { text, round in
            for term in ErlangTextReader.terms(of: Array(text.utf8)) ?? [] where !"\(term)".contains("other") {
                #expect(ErlangTextReader.terms(of: Array("\(term.source).".utf8)) == [term], "round \(round)")
            }
        }
    }

    /// A cache as Hex's own code leaves it, and the retired packages of a lock by it.
    @Test("Hex's cache says which versions of a lock are retired or have advisories")
    func cache() async throws {
        try await withTemporaryFolder { folder in
            let script = """
                T = ets:new(x, []),
                R = fun(K, P, V, X) -> ets:insert(T, {{K, <<"hexpm">>, P, V}, X}) end,
                R(retired, <<"words">>, <<"0.1.0">>, #{reason => 'RETIRED_SECURITY', message => <<"use\\n0.2">>}),
                R(retired, <<"words">>, <<"0.2.0">>, nil), R(retired, <<"old">>, <<"1.0.0">>, #{reason => 7}),
                R(retired, <<"real">>, <<"1.0.0">>, #{reason => 'RETIRED_RENAMED'}),
                R(advisories, <<"plug">>, <<"1.0.0">>, [#{id => <<"CVE-1">>, summary => <<"bad">>,
                  severity => 'SEVERITY_HIGH', cvss_score => 7.5, aliases => []}, #{id => <<"CVE-2">>}]),
                R(advisories, <<"words">>, <<"0.1.0">>, []),
                [ets:insert(T, {{big, N}, binary:copy(<<"a">>, 70000)}) || N <- [1, 2, 3]],
                ok = ets:tab2file(T, "cache.ets", [{extended_info, [object_count, md5sum]}, {sync, true}]), halt(0).
                """
            _ = try await run(findTool("erl"), ["-noshell", "-eval", script], workingDirectory: folder).succeeded()
            let lock = folder.appending("mix.lock")
            try lock.write(
                """
                %{
                  "words": {:hex, :words, "0.1.0", "a", [:mix], [], "hexpm", "b"},
                  "old": {:hex, :old, "1.0.0", "a", [:mix], [], "hexpm", "b"},
                  "plug": {:hex, :plug, "1.0.0", "a", [:mix], [], "hexpm", "b"},
                  "named": {:hex, :real, "1.0.0", "a", [:mix], [], "hexpm", "b"},
                }

                """)
            let file = folder.appending("cache.ets")
            let cache = HexRegistryCache([folder.appending("none"), file])
            let findings = cache.findings(lock: lock)
            #expect(
                findings.map(\.text) == [
                    "real 1.0.0 is retired: renamed", "old 1.0.0 is retired: other",
                    "plug 1.0.0 has 2 security advisories: CVE-1 (high) bad; CVE-2",
                    "words 0.1.0 is retired: security, use 0.2",
                ])
            #expect(findings.allSatisfy { $0.severity == .warning && $0.file == "mix.lock" })
            // A newer file that knows better has the last word on what it has.
            let newer = folder.appending("newer.ets")
            let back = """
                T = ets:new(x, []), ets:insert(T, {{retired, <<"hexpm">>, <<"words">>, <<"0.1.0">>}, nil}),
                ok = ets:tab2file(T, "newer.ets", [{extended_info, [object_count, md5sum]}]), halt(0).
                """
            _ = try await run(findTool("erl"), ["-noshell", "-eval", back], workingDirectory: folder).succeeded()
            try newer.setModified(2_000_000_000_000_000_000)
            #expect(
                HexRegistryCache([newer, file]).findings(lock: lock).map(\.text) == findings.dropLast().map(\.text))
            try newer.setModified(1)
            #expect(HexRegistryCache([newer, file]).findings(lock: lock) == findings)
            try lock.write(lock.readText().replacing("0.1.0", with: "0.2.0").replacing("1.0.0", with: "2.0.0"))
            #expect(cache.findings(lock: lock).isEmpty)
            // However it is broken, it is read as far as it goes.
            let head = try file.readBytes().prefix(900)
            for seed in 0..<300 {
                var generator = SeededGenerator(seed: UInt64(seed))
                var bytes = Array(head)
                for _ in 0..<4 {
                    let place = Int.random(in: 8..<bytes.count, using: &generator)
                    bytes[place] = .random(in: 0...255, using: &generator)
                }
                try folder.appending("broken").replace(with: bytes)
                let findings = HexRegistryCache([folder.appending("broken")]).findings(lock: lock)
                #expect(findings.allSatisfy { !$0.text.contains("\n") })
            }
        }
    }

    @Test("the cache of the user's Hex is where Hex has it")
    func places() {
        #expect(HexRegistryCache.machineFile(["HOME": "/u"]) == "/u/.hex/cache.ets")
        #expect(HexRegistryCache.machineFile(["HOME": "/u", "HEX_HOME": "/h"]) == "/h/cache.ets")
        #expect(HexRegistryCache.machineFile(["HOME": "/u", "MIX_XDG": "1"]) == "/u/.cache/hex/cache.ets")
        let named = MixFolders([
            "HOME": "/u", "MIX_XDG": "true", "XDG_DATA_HOME": "/d", "XDG_CONFIG_HOME": "/c", "XDG_CACHE_HOME": "/k",
        ])
        #expect([named.mix, named.hexConfiguration, named.hexCache] == ["/d/mix", "/c/hex", "/k/hex"])
        let below = MixFolders(["HOME": "/u", "MIX_XDG": "1", "MIX_HOME": "/m"])
        #expect([below.mix, below.hexConfiguration, below.hexCache] == ["/m", "/u/.config/hex", "/u/.cache/hex"])
        let plain = MixFolders(["HOME": "/u", "XDG_DATA_HOME": "/d"])
        #expect([plain.mix, plain.hexConfiguration, plain.hexCache] == ["/u/.mix", "/u/.hex", "/u/.hex"])
        #expect(MixFolders([:]).mix == nil)
    }
}
