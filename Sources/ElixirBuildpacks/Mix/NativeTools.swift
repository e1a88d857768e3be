import BuildpackAPI
import Commands
import Diagnostics
import Digests
import Files
import MixInspection
import SystemPackage
import Toolchains

/// The compilers that a project's native code needs: which of them are missing, said before anything is compiled.
struct NativeTools {
    struct Need: Hashable {
        var program: String
        var reason: String
        var package: PackageManager.Need
    }

    /// What the evidence of native code asks for.
    /// - Parameter evidence: folders and dependencies, such as `native/fast/Cargo.toml`, `c_src` and `elixir_make`.
    static func needs(_ evidence: [String]) -> [Need] {
        var needs: [Need] = []
        for item in evidence {
            let programs: [(String, PackageManager.Need)] =
                switch item {
                case "rustler": [("cargo", .cargo)]
                case "elixir_make": [("make", .compiler), ("cc", .compiler)]
                // They fetch what is compiled already, where there is such a thing.
                case "rustler_precompiled", "cc_precompiler", "zigler": []
                case _ where item.contains("native/"): [("cargo", .cargo)]
                default: [("cc", .compiler)]
                }
            for (program, package) in programs where !needs.contains(where: { $0.program == program }) {
                needs.append(Need(program: program, reason: item, package: package))
            }
        }
        return needs
    }

    /// Warnings for what is needed and not to be found.
    static func findings(_ evidence: [String], searchPath: String?, packages: PackageManager) -> [Diagnostic] {
        let lookup = ProgramLookup(searchPath: searchPath)
        return needs(evidence).filter { lookup.find(FilePath($0.program)) == nil }.map { need in
            Diagnostic(
                .warning, "native code (\(need.reason)) needs \(need.program), which is not installed",
                advice: packages.advice(for: need.package) + (need.package == .cargo ? ", or use rustup" : ""))
        }
    }

    /// The digests of the programs that compile native code: the same on every machine that has the same ones.
    static func digests(searchPath: String?) throws(Failure) -> [String] {
        var digests: [String] = []
        for (name, program) in programs(searchPath) {
            digests.append("\(name) \(try MessageDigest.hex(ofFile: program))")
        }
        return digests
    }

    /// What tells one version of the programs that compile native code from another, on this machine.
    static func stamps(searchPath: String?) -> [String] {
        programs(searchPath).compactMap { name, program in
            FileStamp(behind: program).map { "\(name) \($0.size) \($0.modified)" }
        }
    }

    private static func programs(_ searchPath: String?) -> [(name: String, program: FilePath)] {
        let lookup = ProgramLookup(searchPath: searchPath)
        return ["cc", "c++", "make", "cmake", "cargo", "rustc"].compactMap { name in
            lookup.find(FilePath(name)).map { (name, $0) }
        }
    }
}
