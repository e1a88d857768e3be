import Glibc
import SystemPackage
import TestSupport
import Testing

/// A database beside a container by keys, in real engines.
///
/// It takes a minute, so only `make soak` walks it: with an image of Debian's postgresql that it makes by mmdebstrap.
@Suite(.serialized, .timeLimit(.minutes(10))) struct DatabaseWalkTests {
    private static let engines = getenv("MIXPACK_SOAK") == nil ? [] : TestEngine.Kind.allCases

    @Test(
        "a row of Run starts a database, the container and one-off commands reach it, and it goes with its volume",
        arguments: engines)
    func walk(kind: TestEngine.Kind) async throws {
        try await Workbench.run { bench in
            let project = try bench.mini() { $0 = Self.project }
            try project.appending("rel/overlays/bin/migrate").write(
                "#!/bin/sh\nexec \"${0%/*}/mini\" eval Mini.Release.migrate\n", mode: 0o755)
            let archive = try await Self.postgres(in: bench.folder)
            try await TestEngine.run(kind) { engine in
                _ = try await engine.docker(
                    "import", "--change", "CMD [\"/usr/local/bin/start-postgres\"]", archive.string, "postgres:15",
                    within: .seconds(180)
                ).succeeded()
                let host = MixpackProgram.engine(at: engine.host)
                _ = try await bench.tryBuild(project, as: "mini", environment: host).succeeded()
                try await TmuxSession.run(
                    bench.mixpack.executable, [project.string],
                    environment: bench.mixpack.merged(with: host.merging(["TERM": "tmux-256color"]) { $1 }),
                    workingDirectory: bench.folder, columns: 120, rows: 40, in: bench.folder
                ) { session in
                    try await walk(session, engine)
                }
                #expect(try await engine.docker("volume", "ls", "--quiet").succeeded().lines.isEmpty)
                #expect(try await engine.docker("ps", "--all", "--quiet").succeeded().lines.isEmpty)
            }
        }
    }

    private func walk(_ session: TmuxSession, _ engine: TestEngine) async throws {
        try await session.wait(for: "[1 Project]")
        try await session.wait(for: "DATABASE_URL")
        try await session.press("6")
        try await session.press("Tab")
        try await session.press("G")
        try await session.wait(for: "e starts postgres:15")
        try await session.press("e")
        try await session.wait(for: "A database of which image?")
        try await session.press("Enter")
        try await session.wait(for: "-db, postgres:15")
        try await session.wait(for: "is up", within: .seconds(60))
        try await session.press("r")
        try await session.wait(for: "mini is up")
        #expect(try await session.screen().contains("[DATABASE_URL]"), "the password of a printed URL is masked")
        let ids = try await engine.docker("ps", "--quiet", "--filter", "name=-db").succeeded().lines
        let container = try #require(ids.first)
        let password = try await password(of: container, engine)
        #expect(password.count == 32)
        #expect(!(try await session.screen().contains(password)))
        try await expectNoArgument(password)
        try await migrate(session, engine)
        try await session.press("K")
        try await session.wait(for: "mini:latest: stopped")
        try await session.press("e")
        try await session.wait(for: "remove it, with its data")
        try await session.press("G")
        try await session.press("Enter")
        try await session.wait(for: "all data in it is lost")
        try await session.press("y")
        try await session.wait(for: "the database is removed")
        let left = try await engine.docker("ps", "--all", "--quiet").succeeded().lines
        for id in left { _ = try await engine.docker("rm", "--force", id) }
    }

    /// What Phoenix's users do: migrate by a command that runs once, then ask over HTTP.
    private func migrate(_ session: TmuxSession, _ engine: TestEngine) async throws {
        #expect(try await engine.get("http://127.0.0.1:4000/").code == 500, "before the migration")
        try await session.press("x")
        try await session.press("C-u")
        try await session.type("migrate")
        try await session.press("Enter")
        try await session.wait(for: "migrate ended with exit code 0", within: .seconds(60))
        let answer = try await engine.get("http://127.0.0.1:4000/")
        #expect(answer.code == 200 && answer.body == "42", "\(answer)")
    }

    private func password(of container: String, _ engine: TestEngine) async throws -> String {
        let format = "{{range .Config.Env}}{{println .}}{{end}}"
        let lines = try await engine.docker("inspect", "--format", format, container).succeeded().lines
        return try #require(
            lines.first { $0.hasPrefix("POSTGRES_PASSWORD=") }?.split(separator: "=").last.map(String.init))
    }

    /// No process of the machine has the password in its arguments.
    private func expectNoArgument(_ password: String) async throws {
        let script = "for file in /proc/[0-9]*/cmdline; do tr '\\\\0' ' ' < $file; echo; done 2> /dev/null"
        let arguments = try await run("/bin/sh", ["-c", script])
        #expect(!arguments.output.contains(password))
    }

    // MARK: Images

    /// Debian's own Postgres, started with the variables of the official image.
    private static func postgres(in folder: FilePath) async throws -> FilePath {
        let place = folder.appending("postgres")
        try place.appending("start-postgres").write(
            """
            #!/bin/sh
            set -e
            data=/var/lib/postgresql/data
            bin=$(echo /usr/lib/postgresql/*/bin)
            ln -sf "$bin/pg_isready" /usr/local/bin/pg_isready
            mkdir -p "$data" /run/postgresql
            chown postgres "$data" /run/postgresql
            as() { setpriv --reuid postgres --regid postgres --clear-groups "$@"; }
            if ! [ -e "$data/PG_VERSION" ]; then
                printf %s "$POSTGRES_PASSWORD" > /tmp/password
                chown postgres /tmp/password
                as "$bin/initdb" -D "$data" -U "$POSTGRES_USER" --pwfile=/tmp/password --auth-host=password
                rm /tmp/password
                echo 'host all all all password' >> "$data/pg_hba.conf"
                as "$bin/pg_ctl" -D "$data" -w -o "-c listen_addresses=''" start
                as "$bin/createdb" -h /run/postgresql -U "$POSTGRES_USER" "$POSTGRES_DB"
                as "$bin/pg_ctl" -D "$data" -w stop
            fi
            exec setpriv --reuid postgres --regid postgres --clear-groups "$bin/postgres" -D "$data" -c "listen_addresses=*"

            """, mode: 0o755)
        let script = """
            set -e
            mirror=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep -m 1 '/debian/\\?$')
            suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
            mmdebstrap --variant=minbase --include=postgresql --aptopt='Acquire::Check-Valid-Until "false"' \\
                --customize-hook='cp "$PWD/start-postgres" "$1/usr/local/bin/start-postgres"' "$suite" fs.tar "$mirror"
            """
        _ = try await run("/bin/sh", ["-c", script], workingDirectory: place, within: .seconds(400)).succeeded()
        return place.appending("fs.tar")
    }

    // MARK: The project

    /// A project as Ecto's users have it, without Ecto: it reads DATABASE_URL, migrates, and answers from its table.
    private static var project: MiniProject {
        var project = MiniProject()
        project.files = [
            "config/runtime.exs": """
            import Config

            if config_env() == :prod do
              config :mini,
                url: System.get_env("DATABASE_URL") || raise("DATABASE_URL is not set"),
                port: String.to_integer(System.get_env("PORT") || "4000")
            end

            """,
            "config/config.exs": "import Config\n", "lib/mini.ex": application,
            "lib/mini/release.ex": """
            defmodule Mini.Release do
              def migrate do
                Mini.Database.query("CREATE TABLE answers (answer int)")
                Mini.Database.query("INSERT INTO answers VALUES (42)")
                IO.puts("migrated")
              end
            end

            """,
            "lib/mini/database.ex": database, "lib/mini/server.ex": server,
        ]
        return project
    }

    private static let application = """
        defmodule Mini do
          use Application

          def start(_type, _arguments), do: Supervisor.start_link([Mini.Server], strategy: :one_for_one)
        end

        """

    /// As much of Postgres's protocol as one query takes.
    private static let database = #"""
        defmodule Mini.Database do
          def query(text) do
            uri = URI.parse(Application.fetch_env!(:mini, :url))
            [user, password] = String.split(uri.userinfo, ":")
            "/" <> name = uri.path
            {:ok, socket} = :gen_tcp.connect(String.to_charlist(uri.host), uri.port || 5432, [:binary, active: false], 5000)
            greeting = <<196_608::32, "user\0#{user}\0database\0#{name}\0\0">>
            :ok = :gen_tcp.send(socket, <<byte_size(greeting) + 4::32, greeting::binary>>)
            wait(socket, password)
            send_message(socket, ?Q, text <> "\0")
            rows(socket, [])
          end

          defp wait(socket, password) do
            case message(socket) do
              {?R, <<3::32>>} -> send_message(socket, ?p, password <> "\0") && wait(socket, password)
              {?E, text} -> raise inspect(text)
              {?Z, _} -> :ok
              _ -> wait(socket, password)
            end
          end

          defp rows(socket, rows) do
            case message(socket) do
              {?D, <<1::16, length::32, value::binary-size(length)>>} -> rows(socket, [value | rows])
              {?E, text} -> raise inspect(text)
              {?Z, _} -> rows
              _ -> rows(socket, rows)
            end
          end

          defp send_message(socket, type, body), do: :gen_tcp.send(socket, <<type, byte_size(body) + 4::32, body::binary>>)

          defp message(socket) do
            {:ok, <<type, length::32>>} = :gen_tcp.recv(socket, 5, 5000)
            if length == 4, do: {type, ""}, else: {type, socket |> :gen_tcp.recv(length - 4, 5000) |> elem(1)}
          end
        end

        """#

    private static let server = #"""
        defmodule Mini.Server do
          def child_spec(_), do: %{id: __MODULE__, start: {Task, :start_link, [&run/0]}}

          def run do
            port = Application.fetch_env!(:mini, :port)
            {:ok, listener} = :gen_tcp.listen(port, [:binary, active: false, reuseaddr: true])
            IO.puts("mini is up, #{Application.fetch_env!(:mini, :url)}")
            answer(listener)
          end

          defp answer(listener) do
            {:ok, socket} = :gen_tcp.accept(listener)
            :gen_tcp.recv(socket, 0, 5000)
            {status, body} =
              try do
                {"200 OK", Mini.Database.query("SELECT answer FROM answers") |> Enum.join(",")}
              rescue
                error -> {"500 Error", Exception.message(error)}
              end
            :gen_tcp.send(socket, "HTTP/1.1 #{status}\r\nContent-Length: #{byte_size(body)}\r\nConnection: close\r\n\r\n#{body}")
            :gen_tcp.close(socket)
            answer(listener)
          end
        end

        """#
}
