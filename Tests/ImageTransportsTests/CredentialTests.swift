import Diagnostics
import FoundationEssentials
import OCIImage
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import ImageTransports

/// Which of several logins a repository is opened with: no other one's password ever goes out.
@Suite struct CredentialTests {
    /// Where logins are written down.
    enum Place: CaseIterable {
        case auths, credHelpers, variable
    }

    /// Keys, a repository, and the key that counts; `nil` for none.
    struct Case: Sendable, CustomStringConvertible {
        var keys: [String]
        var repository: String
        var registry = "h.test:5000"
        var expected: String?

        var description: String { "\(registry)/\(repository) in \(keys)" }
    }

    static let cases: [Case] = [
        Case(keys: Self.teams, repository: "team-a/web", expected: "h.test:5000/team-a"),
        Case(keys: Self.teams, repository: "team-b/deep/app", expected: "h.test:5000/team-b"),
        Case(keys: Self.teams, repository: "team-a", expected: "h.test:5000/team-a"),
        Case(keys: Self.teams, repository: "team-a/app/web", expected: "h.test:5000/team-a/app"),
        Case(keys: Self.teams, repository: "team-ab/app"),
        Case(keys: Self.teams, repository: "app"),
        Case(keys: Self.teams + ["h.test:5000"], repository: "team-ab/app", expected: "h.test:5000"),
        Case(keys: Self.teams + ["h.test:5000"], repository: "team-b/app", expected: "h.test:5000/team-b"),
        Case(keys: ["h.test"], repository: "team-a/app"),
        Case(keys: ["H.test:5000/team-a"], repository: "team-a/app", expected: "H.test:5000/team-a"),
        Case(keys: ["https://h.test:5000/v1/"], repository: "a/b", expected: "https://h.test:5000/v1/"),
        Case(keys: ["https://h.test:5000/v2/"], repository: "v2/b", expected: "https://h.test:5000/v2/"),
        Case(keys: ["https://h.test:5000/team-a/"], repository: "team-b/app"),
        Case(
            keys: ["https://h.test:5000/v1/", "https://h.test:5000", "h.test:5000", "http://h.test:5000"],
            repository: "a", expected: "h.test:5000"),
        Case(
            keys: ["https://h.test:5000/v2/", "https://h.test:5000/v1/", "https://h.test:5000/"], repository: "a",
            expected: "https://h.test:5000/"),
        Case(
            keys: ["docker.io", "https://index.docker.io/v1/", "registry-1.docker.io"], repository: "library/debian",
            registry: "index.docker.io", expected: "https://index.docker.io/v1/"),
        Case(keys: ["docker.io"], repository: "me/app", registry: "index.docker.io", expected: "docker.io"),
        Case(
            keys: ["docker.io/me", "docker.io"], repository: "me/app", registry: "index.docker.io",
            expected: "docker.io/me"),
    ]

    /// So many that one taken at random would hardly ever be the right one.
    private static let teams =
        ["team-a/app", "team-a", "team-b", "team-a/ap"].map { "h.test:5000/" + $0 }
        + (0..<12).map { "h.test:5000/other-\($0)" }

    @Test("the login with the longest path that the repository lies under counts", arguments: cases, Place.allCases)
    func longest(_ wanted: Case, _ place: Place) async throws {
        try await withTemporaryFolder { folder in
            let asked = Mutex<[String]>([])
            let store = try store(wanted.keys, place, folder) { key in asked.withLock { $0.append(key) } }
            let found = try await store.search(for: wanted.repository, of: wanted.registry).found
            switch place {
            case .auths: #expect(found == wanted.expected.map { .basic(user: "me", password: $0) })
            case .variable: #expect(found == wanted.expected.map { .header("Basic " + $0) })
            case .credHelpers:
                let server = wanted.expected.map { $0 == "docker.io" ? "https://index.docker.io/v1/" : $0 }
                #expect(found == server.map { .basic(user: "me", password: $0) })
                #expect(asked.withLock { $0 } == [server].compactMap(\.self))
            }
        }
    }

    @Test("what has no credential is passed over: the next shorter path, and at last the whole registry, count")
    func passedOver() async throws {
        let config = """
            {"auths":{"h/a":{},"h":{"username":"me","password":"host"},"h/a/b":{"username":"me","password":"file"}},
            "credHelpers":{"h/a/c":"locked"},"credsStore":"open"}
            """
        try await withTemporaryFolder { folder in
            try folder.appending("config.json").write(config)
            let asked = Mutex<[String]>([])
            let store = CredentialStore(environment: ["DOCKER_CONFIG": folder.string]) { program, server in
                asked.withLock { $0.append("\(program) \(server)") }
                guard program == "docker-credential-open", server == "h/a" else { throw TestSupportError("none") }
                return #"{"Username":"me","Secret":"store"}"#
            }
            #expect(try await store.search(for: "a/c/app", of: "h").found == .basic(user: "me", password: "store"))
            #expect(try await store.search(for: "a/b", of: "h").found == .basic(user: "me", password: "file"))
            #expect(try await store.search(for: "b", of: "h").found == .basic(user: "me", password: "host"))
            #expect(
                asked.withLock { $0 } == [
                    "docker-credential-locked h/a/c", "docker-credential-open h/a", "docker-credential-open h/a/b",
                    "docker-credential-open h",
                ])
        }
    }

    @Test(
        "a helper is a program of the search path: a name that leads elsewhere is not run",
        arguments: ["x/y", "../y", "/y"])
    func helperPaths(name: String) async throws {
        try await withTemporaryFolder { folder in
            let asked = Mutex<[String]>([])
            let store = CredentialStore(environment: ["DOCKER_CONFIG": folder.string]) { program, _ in
                asked.withLock { $0.append(program) }
                return #"{"Username":"me","Secret":"taken"}"#
            }
            for config in [#"{"credsStore":"\#(name)"}"#, #"{"credHelpers":{"h":"\#(name)"}}"#] {
                try folder.appending("config.json").write(config)
                #expect(try await store.search(for: "a", of: "h").found == nil)
            }
            #expect(asked.withLock { $0 }.isEmpty)
        }
    }

    @Test("the first file that has a login for the repository counts, also where a later one has a longer path")
    func files() async throws {
        try await withTemporaryFolder { folder in
            let first = folder.appending("auth.json")
            try first.write(#"{"auths":{"h":{"username":"me","password":"first"}}}"#)
            try folder.appending("config.json").write(
                #"{"auths":{"h/a":{"username":"me","password":"second"},"g/a":{"username":"me","password":"g"}}}"#)
            let store = CredentialStore(
                environment: ["REGISTRY_AUTH_FILE": first.string, "DOCKER_CONFIG": folder.string])
            #expect(try await store.search(for: "a/app", of: "h").found == .basic(user: "me", password: "first"))
            #expect(try await store.search(for: "a/app", of: "g").found == .basic(user: "me", password: "g"))
        }
    }

    @Test("podman's files count too, at the places that its manual names, after docker's")
    func podmanFiles() async throws {
        try await withTemporaryFolder { folder in
            func login(_ name: String) -> String { #"{"auths":{"\#(name)":{"username":"me","password":"\#(name)"}}}"# }
            try folder.appending("home/.config/containers/auth.json").write(login("home"))
            try folder.appending("settings/containers/auth.json").write(login("settings"))
            try folder.appending("run/containers/7/auth.json").write(login("run"))
            try folder.appending("own/containers/auth.json").write(login("own"))
            func found(_ environment: [String: String], _ name: String) async throws -> Bool {
                let store = CredentialStore(environment: environment, user: 7, systemRuntime: folder.appending("run"))
                return try await store.search(for: "a", of: name).found == .basic(user: "me", password: name)
            }
            let home = ["HOME": folder.appending("home").string]
            #expect(try await found(home, "home"))
            #expect(try await found(home, "run"))
            let named = ["XDG_CONFIG_HOME": "settings", "XDG_RUNTIME_DIR": "own"].mapValues {
                folder.appending($0).string
            }
            #expect(try await found(home.merging(named) { $1 }, "settings"))
            #expect(try await found(named, "own"))
            #expect(try await !found(named, "run"))
        }
    }

    @Test("of several teams' logins for one registry, the repository's own goes out, and no other")
    func onTheWire() async throws {
        try await withRegistry { registry, folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let asks = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n"
            let proxy = try FaultyProxy(to: registry.port, [.init(match: "HEAD", times: 1, fault: .answer(asks))])
            defer { proxy.stop() }
            let logins = (0..<12).map { number in
                let auth = Data("team-\(number):secret".utf8).base64EncodedString()
                return #""\#(proxy.host)/team-\#(number)":{"auth":"\#(auth)"}"#
            }
            try folder.appending("config.json").write("{\"auths\":{\(logins.joined(separator: ","))}}")
            var options = RegistryImage.Options(
                credentials: CredentialStore(environment: ["DOCKER_CONFIG": folder.string]))
            options.insecure = [proxy.host]
            let target = RegistryImage(
                try Reference("\(proxy.host)/team-7/app:1"), options: options, temporaryFolder: folder)
            try await target.write(sample.image, from: sample.store, progress: nil)
            let own = "Authorization: Basic " + Data("team-7:secret".utf8).base64EncodedString() + "\r\n"
            #expect(proxy.heads.count > 5)
            #expect(proxy.heads.dropFirst().allSatisfy { $0.contains(own) })
        }
    }

    /// Logins under keys, each with its own key for a password.
    private func store(
        _ keys: [String], _ place: Place, _ folder: FilePath, asked: @escaping @Sendable (String) -> Void
    ) throws -> CredentialStore {
        func object(_ value: (String) -> String) -> String {
            "{" + keys.map { "\"\($0)\":\(value($0))" }.joined(separator: ",") + "}"
        }
        let entries: String
        switch place {
        case .variable:
            return CredentialStore(environment: ["CNB_REGISTRY_AUTH": object { "\"Basic \($0)\"" }])
        case .auths: entries = #"{"auths":\#(object { #"{"username":"me","password":"\#($0)"}"# })}"#
        case .credHelpers: entries = #"{"credHelpers":\#(object { _ in "\"test\"" })}"#
        }
        try folder.appending("config.json").write(entries)
        return CredentialStore(environment: ["DOCKER_CONFIG": folder.string]) { _, server in
            asked(server)
            return #"{"Username":"me","Secret":"\#(server)"}"#
        }
    }
}
