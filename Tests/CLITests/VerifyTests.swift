import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

/// What others can check of an image: documents beside it in its registry, labels, and a second build.
@Suite(.serialized) struct VerifyTests {
    /// A project in a git repository with a remote that has a password.
    private func project(_ bench: Workbench) async throws -> FilePath {
        let project = try bench.mini {
            $0.projectKeys = ", source_url: \"https://me:s3cret@git.example/from-mix\""
        }
        let script = """
            set -e
            git init -q -b main .
            git config user.name me && git config user.email me@example.com
            git remote add origin https://me:s3cret@git.example/team/mini.git
            git add . && GIT_COMMITTER_DATE=2001-01-01T00:00:00Z git commit -q -m first
            """
        _ = try await run("/bin/sh", ["-c", script], workingDirectory: project).succeeded()
        return project
    }

    @Test("an image with documents beside it in a registry is what a second build makes, until the project changes")
    func verified() async throws {
        try await Workbench.run { bench in
            try await withRegistry { registry, _ in
                let project = try await project(bench)
                let name = "\(registry.host)/mini:1"
                let built = try await bench.mixpack.run([
                    "build", name, "--path", project.string, "--publish", "--attest", "--label-from-git", "--ui=json",
                ]).succeeded()
                let report = try JSONValue.lines(of: built.output).last
                let digest = try #require(report?["pushed"]?.array?.first?["digest"]?.string)
                try await checkDocuments(registry.host, digest, bench.folder)
                let image = try await run(
                    try findTool("skopeo"), ["inspect", "--config", "--tls-verify=false", "docker://\(name)"]
                ).succeeded()
                let labels = try JSONValue(parsing: image.output)["config"]?["Labels"]
                let commit = try await run(try findTool("git"), ["rev-parse", "HEAD"], workingDirectory: project)
                    .succeeded()
                #expect(labels?["org.opencontainers.image.revision"]?.string == commit.lines.first)
                #expect(labels?["org.opencontainers.image.source"]?.string == "https://git.example/team/mini.git")
                #expect(labels?["org.opencontainers.image.created"]?.string == "2001-01-01T00:00:00Z")
                #expect(!image.output.contains("s3cret") && !image.output.contains(bench.folder.string))

                let verify = ["verify", "docker://\(name)", "--path", project.string, "--label-from-git"]
                let same = try await bench.mixpack.run(verify).succeeded()
                #expect(same.output.hasPrefix("same: "), "\(same)")
                // Without the flag, mix.exs says where the source is.
                let source = project.appending("lib/mini.ex")
                try source.write(try source.readText().replacing("\"hello\"", with: "\"howdy\""))
                let other = try await bench.mixpack.run(verify.dropLast())
                #expect(other.status == 1, "\(other)")
                #expect(other.output.contains("io.github.carlo-colombo.mix-release/release"), "\(other)")
                #expect(other.output.contains("/lib/mini-0.1.0/ebin/Elixir.Mini.beam"), "\(other)")
                #expect(other.output.contains("\"https://git.example/from-mix\" in the build"), "\(other)")
                // The second builds leave nothing.
                let images = try await bench.mixpack.run(["images"]).succeeded()
                #expect(!images.output.contains("verify"), "\(images)")
            }
        }
    }

    /// Reads the documents beside an image as skopeo finds them.
    private func checkDocuments(_ host: String, _ digest: String, _ folder: FilePath) async throws {
        func raw(_ name: String) async throws -> JSONValue {
            let end = try await run(
                try findTool("skopeo"), ["inspect", "--raw", "--tls-verify=false", "docker://\(host)/\(name)"]
            ).succeeded()
            return try JSONValue(parsing: end.output)
        }
        let list = try await raw("mini:\(digest.replacing(":", with: "-"))")["manifests"]?.array ?? []
        #expect(
            list.compactMap { $0["artifactType"]?.string } == [
                "application/vnd.cyclonedx+json", "application/vnd.in-toto+json",
            ])
        for entry in list {
            let manifest = try await raw("mini@\(entry["digest"]?.string ?? "")")
            #expect(manifest["subject"]?["digest"]?.string == digest)
            let blob = try #require(manifest["layers"]?.array?.first?["digest"]?.string)
            let content = try await run(
                try findTool("curl"), ["-sSf", "http://\(host)/v2/mini/blobs/\(blob)"]
            ).succeeded().output
            #expect(!content.contains(folder.string) && !content.contains("s3cret"))
            let document = try JSONValue(parsing: content)
            if let components = document["components"]?.array {
                #expect(components.contains { $0["purl"]?.string?.hasPrefix("pkg:deb/") == true })
                #expect(components.contains { $0["purl"]?.string == "pkg:otp/mini@0.1.0" })
            } else {
                #expect(document["predicateType"]?.string == "https://slsa.dev/provenance/v1")
                #expect(document["subject"]?.array?.first?["digest"]?["sha256"]?.string == String(digest.dropFirst(7)))
            }
        }
    }

    @Test("what cannot be attached, labelled or verified is said before anything is built")
    func refusals() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            let attest = try await bench.tryBuild(project, as: "x", ["--attest"])
            #expect(attest.status == 3 && attest.errorOutput.contains("--publish"), "\(attest)")
            let label = try await bench.tryBuild(project, as: "x", ["--label-from-git"])
            #expect(label.status == 3 && label.errorOutput.contains("no git repository"), "\(label)")
            let verify = try await bench.mixpack.run(["verify", "x", "--path", project.string, "--publish"])
            #expect(verify.status == 3 && verify.errorOutput.contains("--publish: verify only compares"), "\(verify)")
            let absent = try await bench.mixpack.run(["verify", "x", "--path", project.string])
            #expect(absent.status == 3 && absent.errorOutput.contains("no image x"), "\(absent)")
        }
    }
}
