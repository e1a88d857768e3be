import Console
import Lifecycle
import MixInspection

/// A compose file for a project's image: what a container of it needs, and a database if the project reads where it is.
///
/// No secret's value is in it: Compose takes them from the environment or from `.env`, and refuses to start without.
struct ComposeFile {
    /// The image's name.
    var image: String
    /// The application's name, or what is in its place.
    var app: String
    /// The variables that the project reads.
    var variables: [ProjectVariable]
    /// Values that are known and no secrets, by name.
    var values: [String: String] = [:]
    /// The variables that the image sets itself.
    var imageVariables: Set<String> = []
    /// The ports that the image exposes.
    var ports: [Int] = []
    /// What containers are started with on the Run screen.
    var options = RunOptions()
    /// What an engine runs in the container to find out whether it works.
    var healthCheck: [String]?
    /// Whether the image has a process that migrates the database.
    var migrates = false
    /// Whether the image itself was looked at, so that its ports and processes are those.
    var isImageKnown = true

    /// The image of the database, unless one was chosen.
    static let usualDatabase = "postgres:17"

    /// Whether the project reads a variable when it starts.
    func reads(_ name: String) -> Bool { read.contains { $0.name == name } }

    private var hasDatabase: Bool { reads(DatabaseNames.url) }

    private enum DatabaseNames {
        static let url = "DATABASE_URL"
        static let password = "POSTGRES_PASSWORD"
    }

    /// The whole file.
    var text: String {
        var lines = [
            "# How \(app) is started with Compose; written by `mixpack compose`.",
            "# Secrets come from the environment or from a file .env beside this one, which git must not have.",
        ]
        if !isImageKnown { lines.append("# The image is not built yet: its ports and processes are a guess.") }
        lines += ["name: \(Self.quoted(project))", "", "services:"]
        lines += indented(service)
        if migrates { lines += [""] + indented(migration) }
        if hasDatabase { lines += [""] + indented(database) }
        let volumes = namedVolumes
        if !volumes.isEmpty { lines += ["", "volumes:"] + volumes.map { "  \(Self.quoted($0)):" } }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Services

    private var service: [String] {
        var lines = ["image: \(Self.quoted(image))"] + common
        if let type = options.processType { lines.append("entrypoint: [\(Self.quoted("/cnb/process/\(type)"))]") }
        let published = options.ports.isEmpty ? ports.map { "\($0):\($0)" } : options.ports
        lines += list("ports", options.network == "host" ? [] : published)
        if options.network == "host" { lines.append("network_mode: host") }
        lines += list("volumes", options.volumes)
        if let healthCheck { lines += check(["CMD"] + healthCheck, interval: "30s", start: "30s", retries: 3) }
        return ["app:"] + indented(lines)
    }

    private var migration: [String] {
        [
            "# docker compose run --rm migrate", "migrate:", "  profiles: [\"migrate\"]",
            "  image: \(Self.quoted(image))", "  entrypoint: [\"/cnb/process/migrate\"]",
        ] + indented(common)
    }

    /// What each container of the image gets.
    private var common: [String] {
        var lines: [String] = []
        let environment = self.environment
        if environment.contains(where: { !$0.hasPrefix("#") }) {
            lines += ["environment:"] + indented(environment)
        } else {
            lines += environment
        }
        if let file = options.environmentFile { lines += list("env_file", [file]) }
        if hasDatabase { lines += ["depends_on:", "  db:", "    condition: service_healthy"] }
        return lines
    }

    private var database: [String] {
        let image = options.database.map(Self.short) ?? Self.usualDatabase
        let lines =
            [
                "image: \(Self.quoted(image))", "environment:",
                "  \(DatabaseNames.password): \(Self.quoted(password))",
                "  POSTGRES_DB: \(Self.quoted(DatabaseContainers.databaseName(app)))",
            ] + list("volumes", ["db:\(Self.dataFolder(of: image))"])
            // Over TCP: while it is being set up, Postgres answers on its socket only.
            + check(
                ["CMD", "pg_isready", "-q", "-h", "127.0.0.1", "-U", "postgres"], interval: "2s", start: "30s",
                retries: 15)
        return ["db:"] + indented(lines)
    }

    private func check(_ words: [String], interval: String, start: String, retries: Int) -> [String] {
        [
            "healthcheck:", "  test: [\(words.map(Self.quoted).joined(separator: ", "))]", "  interval: \(interval)",
            "  timeout: 5s", "  start_period: \(start)", "  retries: \(retries)",
        ]
    }

    // MARK: Variables

    private var password: String {
        "${\(DatabaseNames.password):?letters and digits, such as openssl rand -hex 16 prints}"
    }

    /// The variables of the run, each once, that which counts most first.
    private var read: [ProjectVariable] {
        var seen: Set<String> = []
        return variables.filter { $0.phase == .run && seen.insert($0.name).inserted }
    }

    private var environment: [String] {
        var lines = read.flatMap(lines)
        let named = Set(read.map(\.name))
        lines += known.filter { !named.contains($0.key) }.sorted { $0.key < $1.key }.map {
            entry($0.key, Self.literal($0.value))
        }
        return lines
    }

    /// The values that are no secrets; those of the Run screen count most.
    private var known: [String: String] {
        values.merging(options.variables) { $1 }.filter { !PlatformVariable.isSecretName($0.key) }
    }

    /// What the file says of a variable: a value, a question, or a comment if the container starts without it.
    private func lines(for variable: ProjectVariable) -> [String] {
        let name = variable.name
        let place = "\(variable.file):\(variable.line)"
        if name == DatabaseNames.url {
            let host = "postgres://postgres:\(password)@db/\(DatabaseContainers.databaseName(app))"
            return [entry(name, host)]
        }
        if let value = known[name] { return [entry(name, Self.literal(value))] }
        if imageVariables.contains(name) { return ["# \(name): set by the image; read in \(place)"] }
        if variable.need == .required { return [entry(name, Self.asked(name, place))] }
        // A comment has no question: without a value the project goes on.
        let value = variable.defaultValue.map(Self.literal) ?? "${\(name)}"
        return ["# \(entry(name, value))  # \(variable.need.rawValue), read in \(place)"]
    }

    private func entry(_ name: String, _ value: String) -> String { "\(name): \(Self.quoted(value))" }

    private static func asked(_ name: String, _ place: String) -> String {
        // The message ends at the first brace.
        "${\(name):?\(place.filter { $0 != "}" && $0 != "{" && $0 != "$" })}"
    }

    /// A value that Compose does not take for a variable of its own.
    private static func literal(_ text: String) -> String { text.replacing("$", with: "$$") }

    // MARK: Names and text

    /// A name of a project as Compose takes it.
    private var project: String {
        let name = app.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" }
        let text = String(name.drop { !$0.isLetter && !$0.isNumber })
        return text.isEmpty ? "app" : text
    }

    private var namedVolumes: [String] {
        let own = options.volumes.map { String($0.prefix { $0 != ":" }) }.filter {
            !$0.hasPrefix("/") && !$0.hasPrefix(".") && !$0.hasPrefix("~")
        }
        return Set(own + (hasDatabase ? ["db"] : [])).sorted()
    }

    /// The folder of the official image's volume; version 18 moved it.
    private static func dataFolder(of image: String) -> String {
        let tag = image.split(separator: ":").last.map { $0.prefix(while: \.isNumber) } ?? ""
        return (Int(tag) ?? 18) < 18 ? "/var/lib/postgresql/data" : "/var/lib/postgresql"
    }

    private static func short(_ image: String) -> String {
        for prefix in ["localhost/", "docker.io/library/"] where image.hasPrefix(prefix) {
            return String(image.dropFirst(prefix.count))
        }
        return image
    }

    private func list(_ name: String, _ entries: [String]) -> [String] {
        entries.isEmpty ? [] : ["\(name):"] + entries.map { "  - \(Self.quoted($0))" }
    }

    private func indented(_ lines: [String]) -> [String] { lines.map { $0.isEmpty ? $0 : "  " + $0 } }

    /// A text in YAML's double quotes, which take every character.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}":
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
