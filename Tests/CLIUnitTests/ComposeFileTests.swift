import Console
import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

@testable import CLI
@testable import MixInspection

@Suite("The file of mixpack compose") struct ComposeFileTests {
    private var file: ComposeFile {
        var file = ComposeFile(
            image: "registry.example/shop:1", app: "shop",
            variables: [
                .init(name: "DATABASE_URL", phase: .run, need: .required, file: "config/runtime.exs", line: 8),
                .init(name: "SECRET_KEY_BASE", phase: .run, need: .required, file: "config/runtime.exs", line: 12),
                .init(
                    name: "PORT", phase: .run, need: .default, defaultValue: "4000", file: "config/runtime.exs", line: 2
                ),
                .init(
                    name: "POOL_SIZE", phase: .run, need: .default, defaultValue: "10", file: "config/runtime.exs",
                    line: 9),
                .init(name: "GIT_SHA", phase: .build, need: .required, file: "mix.exs", line: 4),
            ])
        file.ports = [4000]
        file.imageVariables = ["PORT"]
        file.migrates = true
        file.healthCheck = ["/cnb/lifecycle/launcher", "--health-check", "4000", "/health"]
        file.values = ["GREETING": "say \"hi\" for $5\nor: not", "OLD_TOKEN": "hunter2"]
        return file
    }

    /// The file as a YAML parser reads it.
    private func parsed(_ file: ComposeFile) async throws -> JSONValue {
        try await withTemporaryFolder { folder in
            let path = folder.appending("compose.yaml")
            try path.write(file.text)
            let script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))"
            let end = try await run(try findTool("python3"), ["-c", script, path.string]).succeeded()
            return try JSONValue(parsing: end.output)
        }
    }

    @Test("a YAML parser reads image, database, migrations, health and ports from it")
    func services() async throws {
        let root = try await parsed(file)
        let app = root["services"]?["app"]
        #expect(app?["image"]?.string == "registry.example/shop:1")
        #expect(app?["ports"]?.array?.first?.string == "4000:4000")
        #expect(app?["healthcheck"]?["test"]?.array?.compactMap(\.string).first == "CMD")
        #expect(app?["depends_on"]?["db"]?["condition"]?.string == "service_healthy")
        #expect(root["services"]?["migrate"]?["profiles"]?.array?.first?.string == "migrate")
        #expect(root["services"]?["migrate"]?["entrypoint"]?.array?.first?.string == "/cnb/process/migrate")
        #expect(root["services"]?["migrate"]?["environment"] == app?["environment"])
        let database = root["services"]?["db"]
        #expect(database?["image"]?.string == "postgres:17")
        #expect(database?["volumes"]?.array?.first?.string == "db:/var/lib/postgresql/data")
        #expect(root["volumes"]?.fieldNames == ["db"])
    }

    @Test(
        "secrets are questions to Compose, values are as they were, and what the container can do without is a comment")
    func variables() async throws {
        let environment = try await parsed(file)["services"]?["app"]?["environment"]
        #expect(environment?["SECRET_KEY_BASE"]?.string == "${SECRET_KEY_BASE:?config/runtime.exs:12}")
        #expect(environment?["DATABASE_URL"]?.string?.hasPrefix("postgres://postgres:${POSTGRES_PASSWORD:?") == true)
        #expect(environment?["DATABASE_URL"]?.string?.hasSuffix("@db/shop") == true)
        #expect(environment?["GREETING"]?.string == "say \"hi\" for $$5\nor: not")
        #expect(environment?.fieldNames == ["DATABASE_URL", "GREETING", "SECRET_KEY_BASE"])
        let text = file.text
        #expect(!text.contains("hunter2") && !text.contains("GIT_SHA"))
        #expect(text.contains("# POOL_SIZE: \"10\"  # default, read in config/runtime.exs:9"))
        #expect(text.contains("# PORT: set by the image"))
    }

    @Test("a project without a database and without variables has neither")
    func plain() async throws {
        let root = try await parsed(ComposeFile(image: "hello", app: "hello", variables: []))
        #expect(root["services"]?.fieldNames == ["app"])
        #expect(root["services"]?["app"]?.fieldNames == ["image"])
        #expect(root["volumes"] == nil)
    }

    @Test("options of the Run screen count")
    func options() async throws {
        var file = self.file
        file.options.ports = ["8080:4000"]
        file.options.volumes = ["uploads:/data", "./conf:/conf:ro"]
        file.options.processType = "worker"
        file.options.environmentFile = ".env.run"
        file.options.variables = ["POOL_SIZE": "20"]
        file.options.database = "docker.io/library/postgres:18-alpine"
        let root = try await parsed(file)
        let app = root["services"]?["app"]
        #expect(app?["ports"]?.array?.compactMap(\.string) == ["8080:4000"])
        #expect(app?["volumes"]?.array?.compactMap(\.string) == ["uploads:/data", "./conf:/conf:ro"])
        #expect(app?["entrypoint"]?.array?.first?.string == "/cnb/process/worker")
        #expect(app?["env_file"]?.array?.first?.string == ".env.run")
        #expect(app?["environment"]?["POOL_SIZE"]?.string == "20")
        #expect(root["volumes"]?.fieldNames == ["db", "uploads"])
        #expect(root["services"]?["db"]?["image"]?.string == "postgres:18-alpine")
        #expect(root["services"]?["db"]?["volumes"]?.array?.first?.string == "db:/var/lib/postgresql")
    }
}

extension JSONValue {
    /// The names of an object's fields, sorted.
    fileprivate var fieldNames: [String] { if case .object(let fields) = self { fields.keys.sorted() } else { [] } }
}
