import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

/// Registries as the command line reaches them: credentials, certificates, platforms.
@Suite(.serialized) struct RegistryDoorTests {
    /// The user me with the password secret.
    private static let access = RegistryService.Access(
        htpasswd: "me:$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW")

    @Test(
        "a helper program named in docker's config.json opens a registry",
        arguments: [#"{"credHelpers":{"HOST":"test"}}"#, #"{"credsStore":"test"}"#])
    func helper(config: String) async throws {
        try await Workbench.run { bench in
            try await withRegistry(access: Self.access) { registry, _ in
                try await push(bench, to: registry)
                let helper = bench.folder.appending("bin/docker-credential-test")
                let answer = #"{"ServerURL":"\#(registry.host)","Username":"me","Secret":"secret"}"#
                try helper.write(
                    """
                    #!/bin/sh
                    echo "a warning with a secret" >&2
                    test "$1" = get && test "$(cat)" = "\(registry.host)" && echo '\(answer)'

                    """, mode: 0o755)
                let docker = bench.folder.appending("docker")
                try docker.appending("config.json").write(config.replacing("HOST", with: registry.host))
                let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
                let end = try await inspect(
                    bench, registry,
                    ["PATH": "\(helper.removingLastComponent()):\(path)", "DOCKER_CONFIG": docker.string])
                #expect(end.status == 0, "\(end)")
                #expect(end.output.contains("linux/"))
                #expect(!end.description.contains("secret"))
                let without = try await inspect(bench, registry, ["DOCKER_CONFIG": docker.string])
                #expect(without.status == 3, "\(without)")
                #expect(without.errorOutput.contains("docker login \(registry.host)"), "\(without)")
            }
        }
    }

    @Test("a helper program that is missing or fails is named with its own words, and never with what it keeps")
    func brokenHelper() async throws {
        try await Workbench.run { bench in
            try await withRegistry(access: Self.access) { registry, _ in
                let docker = bench.folder.appending("docker")
                try docker.appending("config.json").write(#"{"credsStore":"test"}"#)
                let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
                let environment = ["PATH": "\(bench.folder)/bin:\(path)", "DOCKER_CONFIG": docker.string]
                let program = bench.folder.appending("bin/docker-credential-test")
                let cases = [
                    (nil, "docker-credential-test is not on PATH"),
                    ("echo the keyring is locked; exit 1", "docker-credential-test failed: the keyring is locked"),
                    (#"echo '{"Username":"me","Secret":"s3cr3t-v"'; exit 1"#, "docker-credential-test failed"),
                    (#"echo '{"Username":"me","Secret":"s3cr3t-v"'"#, "gave no credential that can be read"),
                    ("echo credentials not found in native keychain; exit 1", "docker login \(registry.host)"),
                ]
                for (script, words) in cases {
                    if let script { try program.write("#!/bin/sh\n\(script)\n", mode: 0o755) }
                    let end = try await inspect(bench, registry, environment)
                    #expect(end.status == 3 && end.errorOutput.contains(words), "\(end)")
                    #expect(!end.description.contains("s3cr3t-v"))
                }
            }
        }
    }

    @Test("CNB_REGISTRY_AUTH opens a registry; a wrong one is refused, and not shown")
    func variable() async throws {
        try await Workbench.run { bench in
            try await withRegistry(access: Self.access) { registry, _ in
                try await push(bench, to: registry)
                let right = #"{"\#(registry.host)":"Basic bWU6c2VjcmV0"}"#
                #expect(try await inspect(bench, registry, ["CNB_REGISTRY_AUTH": right]).status == 0)
                let wrong = #"{"\#(registry.host)":"Basic bWU6b3RoZXI="}"#
                let end = try await inspect(bench, registry, ["CNB_REGISTRY_AUTH": wrong])
                #expect(end.status == 3 && !end.description.contains("bWU6b3RoZXI="), "\(end)")
                let broken = try await inspect(bench, registry, ["CNB_REGISTRY_AUTH": "Basic bWU6b3RoZXI="])
                #expect(broken.status == 3 && !broken.description.contains("bWU6b3RoZXI="), "\(broken)")
                #expect(broken.errorOutput.contains("CNB_REGISTRY_AUTH"), "\(broken)")
            }
        }
    }

    @Test("a certificate authority is trusted by --registry-ca or SSL_CERT_FILE")
    func authority() async throws {
        try await Workbench.run { bench in
            let certificates = try await TestCertificates(in: bench.folder.appending("tls").made())
            let access = RegistryService.Access(tls: (certificates.certificate, certificates.key))
            try await withRegistry(access: access) { registry, _ in
                try await push(bench, to: registry)
                let words = ["inspect", "docker://\(registry.host)/app:1", "--json"]
                let authority = certificates.authority.string
                #expect(try await bench.mixpack.run(words + ["--registry-ca", authority]).status == 0)
                #expect(try await bench.mixpack.run(words, environment: ["SSL_CERT_FILE": authority]).status == 0)
                let end = try await bench.mixpack.run(words)
                #expect(end.status == 3 && end.errorOutput.contains("certificate"), "\(end)")
            }
        }
    }

    @Test(
        "a table of registries that cannot be read stops every command: nothing goes to the names that it leads away from"
    )
    func table() async throws {
        try await Workbench.run { bench in
            try bench.mixpack.settings.appending("config.toml").write("[registries]\n\"rg.test\" = \"http://other\"\n")
            for words in [["inspect", "docker://rg.test/x"], ["rebase", "docker://rg.test/x"], ["images"]] {
                let end = try await bench.mixpack.run(words)
                #expect(end.status == 3 && end.errorOutput.contains("config.toml:2"), "\(words): \(end)")
            }
        }
    }

    @Test(
        "--platform for a processor that mixpack does not know is refused with the reason, and so is such a run image")
    func platform() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            let other = try await bench.tryBuild(project, as: "x", ["--platform", "linux/s390x"])
            #expect(other.status == 3 && other.errorOutput.contains("makes no images for linux/s390x"), "\(other)")
            let layout = try await TinyImage.layout(in: bench.folder)
            _ = try await run(
                try findTool("umoci"), ["config", "--image", "\(layout):tiny", "--architecture", "s390x"]
            ).succeeded()
            let end = try await bench.tryBuild(project, as: "x", ["--run-image", "oci:\(layout):tiny"])
            #expect(end.status == 32, "\(end)")
            #expect(end.description.contains("is for linux/s390x, releases built here run on linux/"), "\(end)")
        }
    }

    @Test(
        "run-image push makes this machine's run image one that others can pull, under each name; a name that is none is refused"
    )
    func runImage() async throws {
        try await Workbench.run { bench in
            try await withRegistry { registry, _ in
                let options = ["--insecure-registry", registry.host]
                let end = try await bench.mixpack.run(
                    ["run-image", "push", "\(registry.host)/run:12", "--mirror", "\(registry.host)/more/run:12"]
                        + options)
                #expect(end.status == 0, "\(end)")
                for name in ["run", "more/run"] {
                    let seen = try await run(
                        try findTool("skopeo"),
                        ["inspect", "--tls-verify=false", "docker://\(registry.host)/\(name):12"]
                    ).succeeded()
                    struct Seen: Decodable {
                        var Digest: String
                        var Labels: [String: String]
                    }
                    let image = try JSONDecoder().decode(Seen.self, from: Data(seen.output.utf8))
                    #expect(image.Labels["io.buildpacks.stack.id"] == "io.github.carlo-colombo.elixir-builder")
                    #expect(end.output.contains("pushed \(registry.host)/\(name)@\(image.Digest)"), "\(end)")
                }
                let wrong = try await bench.mixpack.run(["run-image", "push", "Not A Name"] + options)
                #expect(wrong.status == 3, "\(wrong)")
                let gone = try await bench.mixpack.run(["run-image", "push", "127.0.0.1:1/run:12"])
                #expect(gone.status == 62 && gone.errorOutput.contains("cannot push the run image"), "\(gone)")
            }
        }
    }

    /// Puts a small image into the registry as `app:1`, by skopeo.
    private func push(_ bench: Workbench, to registry: RegistryService) async throws {
        let layout = try await TinyImage.layout(in: bench.folder)
        _ = try await run(
            try findTool("skopeo"),
            [
                "copy", "--dest-tls-verify=false", "--dest-creds", "me:secret", "oci:\(layout):tiny",
                "docker://\(registry.host)/app:1",
            ]
        ).succeeded()
    }

    private func inspect(
        _ bench: Workbench, _ registry: RegistryService, _ environment: [String: String?]
    ) async throws -> ProgramEnd {
        let words = ["inspect", "docker://\(registry.host)/app:1", "--json", "--insecure-registry", registry.host]
        return try await bench.mixpack.run(words, environment: environment)
    }
}

extension FilePath {
    /// The folder, made.
    fileprivate func made() throws -> FilePath {
        try makeFolder()
        return self
    }
}
