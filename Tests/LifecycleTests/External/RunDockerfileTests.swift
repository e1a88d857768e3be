import Diagnostics
import Testing

@testable import Lifecycle

@Suite struct RunDockerfileTests {
    @Test(
        "M2: a run.Dockerfile names another run image, goes on from the one there is, or changes it",
        arguments: [
            ("FROM run:2", "run:2", nil), ("from --platform=linux/amd64 'run:2' AS run", "run:2", nil),
            ("ARG base_image\nFROM ${base_image}", nil, nil), ("ARG base_image=run:1\nFROM $base_image\n", nil, nil),
            ("# syntax=x\n\nARG tag=\"2\"\nARG all=run:$tag\nFROM run:${tag}-slim", "run:2-slim", nil),
            ("FROM \\\n  run:2", "run:2", nil),
            ("ARG base_image\nFROM $base_image\nRUN a \\\n # no\n b\nUSER 1", nil, "RUN"),
            ("FROM run:2\nuser root", "run:2", "USER"),
        ] as [(String, String?, String?)])
    func reads(text: String, base: String?, change: String?) throws {
        let file = try RunDockerfile(text)
        #expect(file.base == base && file.change == change)
    }

    @Test(
        "M2: what is no run.Dockerfile is told with its line",
        arguments: [
            ("", "has no FROM"), ("ARG a", "has no FROM"), ("FROM", "has a FROM without an image (line 1)"),
            ("FROM a\nFROM b", "has a second FROM (line 2)"), ("RUN a\nFROM b", "has RUN before FROM (line 1)"),
            ("FROM run:$tag", "names the image run:$tag, and no ARG says what that is (line 1)"),
            ("ARG a=1\nFROM run:${a", "names the image run:${a, and no ARG says what that is (line 2)"),
        ])
    func wrong(text: String, words: String) {
        let failure = #expect(throws: Failure.self) { try RunDockerfile(text) }
        #expect(failure?.code == .generateFailed && failure?.message == "run.Dockerfile \(words)")
    }
}
