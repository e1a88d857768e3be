import SystemPackage
import TestSupport
import Testing

@testable import MixInspection

@Suite("Questions about the processor")
struct ArchitectureQuestionsTests {
    @Test(
        "those of mix.exs, configuration and attributes are named; those of functions, types, runtime.exs and comments are not"
    )
    func found() throws {
        try withTemporaryFolder { folder in
            let question = ":erlang.system_info(:system_architecture)"
            let files = [
                "mix.exs":
                    "defmodule M do\n  # \(question)\n  def project, do: [t: System.get_env(\"TARGET_ARCH\")]\nend\n",
                "config/config.exs": "import Config\nconfig :a, arch: \(question)\n",
                "config/runtime.exs": "import Config\nconfig :a, arch: \(question)\n",
                "lib/a.ex":
                    "defmodule A do\n  @arch \(question)\n  def arch, do: \(question)\n  def text, do: \"uname\"\nend\n",
                "lib/b.ex":
                    "defmodule B do\n  @type t :: :system_architecture\n  @spec of(:system_architecture) :: t\n  @doc \"uname\"\nend\n",
                "apps/b/mix.exs": "{_, 0} = System.cmd(\"uname\", [\"-m\"])\n",
                "deps/c/mix.exs": "\(question)\n",
            ]
            for (path, text) in files { try folder.appending(path).write(text) }
            let warnings = ArchitectureQuestions.warnings(in: folder)
            #expect(
                warnings.map { "\($0.file ?? ""):\($0.line ?? 0)" } == [
                    "apps/b/mix.exs:1", "config/config.exs:2", "lib/a.ex:2", "mix.exs:3",
                ])
            #expect(warnings.allSatisfy { $0.severity == .warning && $0.advice != nil })
            #expect(warnings.last?.text.hasSuffix("\"TARGET_ARCH\"") == true)
        }
    }

    @Test("a project that is not there has none")
    func nothing() throws {
        try withTemporaryFolder { folder in
            #expect(ArchitectureQuestions.warnings(in: folder.appending("nowhere")).isEmpty)
        }
    }
}
