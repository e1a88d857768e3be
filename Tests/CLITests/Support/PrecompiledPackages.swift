import Digests
import Glibc
import SystemPackage
import TestSupport

/// Two packages whose native code is fetched, as rustler_precompiled and elixir_make do it.
///
/// There are archives, lists of checksums, and the places as such packages name them; in place of fetching, the compilation unpacks
/// what is in the package.
struct PrecompiledPackages {
    let folder: FilePath
    /// The address that archives are below.
    let url: String

    private static let own = OtherProcessor.processor == "aarch64" ? "x86_64" : "aarch64"
    static let crate = "libfast-v0.1.0-nif-2.15"

    /// The archive of each package for the other processor, by package.
    static let archives = [
        "fast": "\(crate)-\(OtherProcessor.processor)-unknown-linux-gnu.so.tar.gz",
        "quick": "quick-nif-2.15-\(OtherProcessor.processor)-linux-gnu-0.2.0.tar.gz",
    ]

    /// Compiles the libraries for both processors, makes the archives below `FOLDER/libraries`, and gives the packages.
    func make() async throws -> [HexMirror.Package] {
        var packages: [HexMirror.Package] = []
        for (name, version, answer) in [("fast", "0.1.0", 40), ("quick", "0.2.0", 2)] {
            let module = name.prefix(1).uppercased() + name.dropFirst()
            var sums: [(name: String, digest: String)] = []
            var own = ""
            for processor in [Self.own, OtherProcessor.processor] {
                let isFast = name == "fast"
                let member = isFast ? "\(Self.crate)-\(processor)-unknown-linux-gnu.so" : "quick_nif.so"
                let archive = isFast ? member + ".tar.gz" : "quick-nif-2.15-\(processor)-linux-gnu-0.2.0.tar.gz"
                let file = folder.appending("made/\(processor)").appending(member)
                try await compile(module, answer, for: processor, to: file)
                let place = folder.appending("libraries").appending(archive)
                try place.removingLastComponent().makeFolders()
                _ = try await run(
                    "/bin/tar", ["-czf", place.string, "-C", file.removingLastComponent().string, "./\(member)"]
                ).succeeded()
                sums.append((archive, try MessageDigest.hex(ofFile: place, .sha256)))
                guard processor == Self.own else { continue }
                let encoded = try await run("/bin/sh", ["-c", "base64 -w0 \"$1\"", "sh", file.string]).succeeded()
                own = encoded.output
            }
            let list = "%{\n" + sums.map { "  \"\($0.name)\" => \"sha256:\($0.digest)\",\n" }.joined() + "}\n"
            packages.append(
                HexMirror.Package(
                    name, version,
                    files: [
                        "mix.exs": name == "fast" ? fastProject : quickProject, "own.b64": own,
                        name == "fast" ? "checksum-Elixir.Fast.exs" : "checksum.exs": list,
                        "lib/\(name).ex": source(module, name),
                    ]))
        }
        return packages
    }

    private func compile(_ module: String, _ answer: Int, for processor: String, to file: FilePath) async throws {
        let code = file.removingLastComponent().appending("\(module).c")
        try code.write(
            """
            typedef unsigned long term;
            term enif_make_int(void *, int);
            static term answer(void *env, int count, const term arguments[]) { return enif_make_int(env, \(answer)); }
            struct function { const char *name; unsigned arity; term (*call)(void *, int, const term[]); unsigned flags; };
            static struct function functions[] = {{"answer", 0, answer, 0}};
            struct entry {
              int major, minor; const char *name; int count; struct function *functions;
              void *load, *reload, *upgrade, *unload; const char *variant; unsigned options; unsigned long size;
              const char *erts;
            };
            static struct entry entry = {
              2, 15, "Elixir.\(module)", 1, functions, 0, 0, 0, 0, "beam.vanilla", 0, 24, "erts-10.4"
            };
            struct entry *nif_init(void) { return &entry; }
            """)
        _ = try await run(
            try findTool("clang"),
            [
                "--target=\(processor)-unknown-linux-gnu", "-shared", "-fPIC", "-nostdlib", "-fuse-ld=lld", "-o",
                file.string, code.string,
            ]
        ).succeeded()
    }

    private func source(_ module: String, _ name: String) -> String {
        let own = "\(Self.crate)-\(Self.own)-unknown-linux-gnu"
        let library = name == "fast" ? "native/\(own)" : "quick_nif"
        let standIn = """
            defmodule RustlerPrecompiled do
              defmacro __using__(_), do: nil
            end

            """
        let use = """
              version = "0.1.0"
              use RustlerPrecompiled,
                otp_app: :fast, crate: "fast", version: version, base_url: "\(url)/libraries?v=#{version}"
            """
        return (name == "fast" ? standIn : "") + """
            defmodule \(module) do
            \(name == "fast" ? use : "")
              @on_load :load
              def load do
                :erlang.load_nif(String.to_charlist(Path.join(:code.priv_dir(:\(name)), "\(library)")), 0)
              end
              def answer, do: :erlang.nif_error(:not_loaded)
            end
            """
    }

    private var fastProject: String {
        """
        defmodule Mix.Tasks.Compile.FastFetched do
          use Mix.Task.Compiler
          def run(_) do
            folder = Path.join(Mix.Project.app_path(), "priv/native")
            File.mkdir_p!(folder)
            name = "\(Self.crate)-\(Self.own)-unknown-linux-gnu.so"
            File.write!(Path.join(folder, name), Base.decode64!(File.read!("own.b64")))
            {:ok, []}
          end
        end
        defmodule Fast.MixProject do
          use Mix.Project
          def project, do: [app: :fast, version: "0.1.0", compilers: [:fast_fetched] ++ Mix.compilers()]
        end
        """
    }

    private var quickProject: String {
        """
        defmodule Mix.Tasks.Compile.QuickFetched do
          use Mix.Task.Compiler
          def run(_) do
            folder = Path.join(Mix.Project.app_path(), "priv")
            File.mkdir_p!(folder)
            File.write!(Path.join(folder, "quick_nif.so"), Base.decode64!(File.read!("own.b64")))
            {:ok, []}
          end
        end
        defmodule Quick.MixProject do
          use Mix.Project
          @version "0.2.0"
          def project do
            [
              app: :quick, version: @version, compilers: [:quick_fetched] ++ Mix.compilers(),
              make_precompiler_url: "\(url)/libraries/@{artefact_filename}?v=#{@version}"
            ]
          end
        end
        """
    }
}
