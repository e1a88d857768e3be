import BuildpackAPI
import Commands
import Diagnostics
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

    /// What tells one version of the programs that compile native code from another.
    static func stamps(searchPath: String?) -> [String] {
        let lookup = ProgramLookup(searchPath: searchPath)
        return ["cc", "c++", "make", "cmake", "cargo", "rustc"].compactMap { name in
            guard let program = lookup.find(FilePath(name)), let stamp = FileStamp(behind: program) else { return nil }
            return "\(name) \(stamp.size) \(stamp.modified)"
        }
    }
}
