import Console
import Diagnostics
import Lifecycle
import Testing

@testable import CLI

@Suite("The engine's account of a database") struct InspectedDatabaseTests {
    private static let password = "0123456789abcdef0123456789abcdef"

    private func read(_ change: (String) -> String = { $0 }) throws -> InspectedDatabase {
        try InspectedDatabase(
            json: change(
                """
                [{"Id": "0f3c", "Name": "/shop-0123-db", "State": {"Running": true},
                "Config": {"Image": "docker.io/library/postgres:16",
                "Env": ["PATH=/bin", "POSTGRES_PASSWORD=\(Self.password)", "POSTGRES_USER=postgres", "POSTGRES_DB=shop"]},
                "Mounts": [{"Type": "bind"}, {"Type": "volume", "Name": "shop-0123-db"}],
                "NetworkSettings": {"Networks": {"shop-0123": {"IPAddress": "10.89.0.2"}}}}]
                """))
    }

    @Test("the password is read back and is in the URL; what is shown has dots in its place")
    func url() throws {
        let database = try read()
        #expect(database.url.withValue { $0 } == "postgres://postgres:\(Self.password)@shop-0123-db/shop")
        let status = database.status(isReady: nil)
        #expect(status.shownURL == "postgres://postgres:•••@shop-0123-db/shop")
        #expect(!"\(status)".contains(Self.password))
        #expect(status.volume == "shop-0123-db" && status.network == "shop-0123" && status.isRunning)
        #expect(database.networks["shop-0123"] == "10.89.0.2")
    }

    @Test("output is masked where the password is in it, and a short password masks no words")
    func masks() throws {
        let secrets = try read().secrets
        #expect(secrets.redact("url: postgres://a:\(Self.password)@b/c\n") == "url: postgres://a:[DATABASE_URL]@b/c\n")
        let short = Redactor(databaseURL: "postgres://postgres:postgres@db/shop")
        #expect(short.redact("postgres is up") == "postgres is up")
        #expect(Redactor(databaseURL: "").redact("x") == "x")
    }

    @Test("an account that cannot be read is said")
    func unreadable() {
        #expect(throws: Failure.self) { _ = try InspectedDatabase(json: "[]") }
    }

    @Test("an image of Postgres is known by the last part of its name")
    func images() {
        let names = [
            "docker.io/library/postgres:16", "postgres:17-alpine", "localhost/postgres:<none>", "shop:latest",
            "registry:5000/team/postgres:15", "postgres-exporter:1", "postgres:17-alpine",
        ]
        #expect(
            DatabaseContainers.databases(among: names) == [
                "docker.io/library/postgres:16", "postgres:17-alpine", "registry:5000/team/postgres:15",
            ])
    }

    @Test("a folder has names of its own, which DNS and the engine take")
    func names() {
        let one = DatabaseContainers.Names(owner: "/src/My_Shop")
        let other = DatabaseContainers.Names(owner: "/other/My_Shop")
        #expect(one.container != other.container && one.container == one.volume)
        #expect(one.container.hasPrefix("my-shop-") && one.container.hasSuffix("-db"))
        let long = DatabaseContainers.Names(owner: "/src/" + String(repeating: "a-", count: 100))
        #expect(long.container.count <= 63 && long.container.first != "-")
        #expect(DatabaseContainers.databaseName("My-Shop") == "my_shop")
        #expect(DatabaseContainers.databaseName("2shop") == "app_2shop")
    }

    @Test("what is left running is said with how to stop it")
    func left() {
        let status = ContainerStatus(
            id: "0f3c1a2b3c4d5e6f", image: "shop:latest", ports: [.init(machine: 4000, container: 4000)])
        let database = DatabaseStatus(name: "shop-0123-db", image: "postgres:16")
        let text = LeftContainers(container: status, database: database, engine: ["docker"]).text
        #expect(
            text == """
                shop:latest still runs: http://localhost:4000
                  its log:    docker logs -f 0f3c1a2b3c4d
                  to stop it: docker stop 0f3c1a2b3c4d
                the database shop-0123-db still runs
                  to stop it: docker stop shop-0123-db; its data stays
                """)
        #expect(LeftContainers(container: nil, database: nil, engine: ["docker"]).text.isEmpty)
    }
}
