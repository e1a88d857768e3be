import FoundationEssentials
import SystemPackage
import TestSupport

/// A platform of its own: a small builder with mixpack's lifecycle, and containers of it that runc starts as pack or Tekton do.
///
/// Needs root.
struct BuildContainer: Sendable {
    let folder: FilePath
    /// The builder's files.
    var root: FilePath { folder.appending("root") }
    var application: FilePath { folder.appending("app") }
    var layers: FilePath { folder.appending("layers") }
    var cache: FilePath { folder.appending("cache") }
    var platform: FilePath { folder.appending("platform") }
    /// The files of `-v` beside them: a folder of the machine's, at its place in the container.
    var mounts: [(source: FilePath, place: String)] = []

    /// Makes the builder: a shell, a few tools, the lifecycle, two buildpacks, and the user cnb.
    init(in folder: FilePath) async throws {
        self.folder = folder
        let built = try builtProgram("mixpack-lifecycle").removingLastComponent()
        let script = try FilePath(#filePath).repository.appending(".ci/make-lifecycle")
        _ = try await run(script, [folder.appending("lifecycle").string, built.string]).succeeded()
        _ = try await run("/bin/sh", ["-c", Self.script], workingDirectory: folder).succeeded()
        try addBuildpacks()
        for place in [application, layers, cache, platform.appending("env")] { try place.makeFolder() }
        try application.appending("main.txt").write("one", mode: 0o644)
        try await own([application, layers, cache], by: 1000)
    }

    private static let script = """
        set -e
        for place in bin tmp proc dev etc layers workspace platform cnb/lifecycle cnb/buildpacks home/cnb cache; do
            mkdir -p "root/$place"
        done
        chmod 1777 root/tmp
        cp /bin/bash /usr/bin/id /usr/bin/cat /usr/bin/mkdir /usr/bin/cp root/bin
        ln -s bash root/bin/sh
        { ldd root/bin/bash root/bin/id; ldd lifecycle/creator | grep -E '/(libc|libm|libdl|libpthread|librt|libresolv)[.]so|ld-linux'; } |
            grep -oE '/[^ :]+[.]so[^ :]*' | sort -u | while read -r library; do cp -L --parents "$library" root; done
        cp -al lifecycle/. root/cnb/lifecycle/
        printf 'root:x:0:0:root:/root:/bin/sh\\ncnb:x:1000:1000::/home/cnb:/bin/bash\\n' >root/etc/passwd
        chown 1000:1000 root/home/cnb root/workspace
        """

    private func addBuildpacks() throws {
        try addBuildpack(
            "test/tools", api: "0.10",
            build: """
                echo "user $(id -u):$(id -g) home $HOME groups $(id -G) greeting $GREETING operator $OPERATOR auth ${CNB_REGISTRY_AUTH:-none}"
                if [ -f "$1/tool/data" ]; then echo "tool is there"; else mkdir -p "$1/tool/bin"; echo tool >"$1/tool/data"; fi
                printf '[types]\\nlaunch = true\\ncache = true\\nbuild = true\\n[metadata]\\nv = "1"\\n' >"$1/tool.toml"
                """)
        try addBuildpack(
            "test/app", api: "0.9",
            build: """
                case $PATH in */tool/bin:*) ;; *) exit 9 ;; esac
                mkdir -p "$1/out"
                echo "made from $(cat main.txt)" >"$1/out/text"
                printf '[types]\\nlaunch = true\\n' >"$1/out.toml"
                printf '[[processes]]\\ntype = "web"\\ncommand = ["/bin/cat"]\\nargs = ["%s/out/text"]\\n' "$1" >"$1/launch.toml"
                """)
        try root.appending("cnb/order.toml").write(
            """
            [[order]]
            [[order.group]]
            id = "test/tools"
            version = "1.0.0"
            [[order.group]]
            id = "test/app"
            version = "1.0.0"

            """, mode: 0o644)
    }

    /// Adds a buildpack that passes, or what `detect` says, and builds as said.
    func addBuildpack(_ id: String, api: String, detect: String = "", build: String) throws {
        let place = buildpack(id)
        try place.appending("buildpack.toml").write(
            "api = \"\(api)\"\n[buildpack]\nid = \"\(id)\"\nversion = \"1.0.0\"\n", mode: 0o644)
        try place.appending("bin/detect").write("#!/bin/bash\n\(detect)\n", mode: 0o755)
        try place.appending("bin/build").write("#!/bin/bash\nset -e\n\(build)\n", mode: 0o755)
    }

    /// The folder of a buildpack.
    func buildpack(_ id: String) -> FilePath {
        root.appending("cnb/buildpacks/\(id.replacing("/", with: "_"))/1.0.0")
    }

    /// Pushes the builder's own tools as a run image.
    /// - Returns: its name.
    func pushRunImage(to host: String, marked mark: String = "1", credentials: String? = nil) async throws -> String {
        let name = "\(host)/run:latest"
        try await makeRunImage(marked: mark, named: name)
        _ = try await run(
            try findTool("skopeo"),
            ["copy", "-q", "--dest-tls-verify=false"] + (credentials.map { ["--dest-creds", $0] } ?? []) + [
                "oci:base:run", "docker://\(name)",
            ], workingDirectory: folder
        ).succeeded()
        return name
    }

    /// Loads the run image into an engine, as `run:latest`.
    func loadRunImage(into engine: TestEngine) async throws {
        try await makeRunImage(marked: "1", named: "run:latest")
        let skopeo = try findTool("skopeo")
        _ = try await run(
            skopeo, ["copy", "-q", "oci:base:run", "docker-archive:run.tar:run:latest"], workingDirectory: folder
        ).succeeded()
        _ = try await engine.docker("load", "-i", folder.appending("run.tar").string).succeeded()
    }

    /// Makes the layout `base`, and the builder's files that name it.
    private func makeRunImage(marked mark: String, named name: String) async throws {
        let script = """
            set -e
            rm -rf base bundle-of-base
            umoci init --layout base
            umoci new --image base:run
            umoci unpack --image base:run bundle-of-base
            cp -a root/bin root/lib* root/etc bundle-of-base/rootfs/
            mkdir bundle-of-base/rootfs/tmp
            echo "$1" >bundle-of-base/rootfs/etc/mark
            umoci repack --image base:run bundle-of-base
            umoci config --image base:run --config.user 1000:1000 --config.env PATH=/bin \\
                --config.label io.buildpacks.stack.id=test
            """
        _ = try await run("/bin/sh", ["-c", script, "sh", mark], workingDirectory: folder).succeeded()
        try root.appending("cnb/run.toml").write("[[images]]\nimage = \"\(name)\"\n", mode: 0o644)
        try root.appending("cnb/stack.toml").write("[run-image]\nimage = \"\(name)\"\n", mode: 0o644)
    }

    /// Adds curl, which takes its libraries from the lifecycle.
    func addCurl() async throws {
        _ = try await run(
            "/bin/cp", [try findTool("curl").string, root.appending("bin/curl").string]
        ).succeeded()
    }

    /// Gives folders and all in them to a user.
    func own(_ folders: [FilePath], by user: Int) async throws {
        _ = try await run("/bin/chown", ["-R", "\(user):\(user)"] + folders.map(\.string)).succeeded()
    }

    /// Starts a program of the lifecycle as a user, with the application at a place.
    func start(
        _ program: String, _ arguments: [String], as user: Int, environment: [String: String],
        application place: String = "/workspace"
    ) async throws -> ProgramEnd {
        let bundle = folder.appending("bundle-\(Int.random(in: 0..<1_000_000))")
        try bundle.makeFolder()
        try bundle.appending("config.json").write(
            configuration(["/cnb/lifecycle/\(program)"] + arguments, user, environment, place).text())
        return try await run(
            try findTool("runc"),
            [
                "--root", folder.appending("state").string, "run", "-b", bundle.string,
                "mixpack-\(bundle.lastComponent?.string ?? "")",
            ])
    }

    private func configuration(
        _ words: [String], _ user: Int, _ environment: [String: String], _ application: String
    ) throws -> JSONValue {
        let capabilities = user == 0 ? ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID", "KILL"] : []
        let names = JSONValue.array(capabilities.map { .string("CAP_\($0)") })
        let variables = ["PATH": "/bin"].merging(environment) { $1 }.map { JSONValue.string("\($0)=\($1)") }
        let binds =
            [
                (self.application, application), (layers, "/layers"), (cache, "/cache"), (platform, "/platform"),
            ] + mounts.map { ($0.source, $0.place) }
        let fixed: [JSONValue] = [
            .object(["destination": .string("/proc"), "type": .string("proc"), "source": .string("proc")]),
            .object(["destination": .string("/dev"), "type": .string("tmpfs"), "source": .string("tmpfs")]),
        ]
        let own = binds.map { source, place -> JSONValue in
            .object([
                "destination": .string(place), "type": .string("bind"), "source": .string(source.string),
                "options": .array([.string("rbind")]),
            ])
        }
        return .object([
            "ociVersion": .string("1.0.2"),
            "process": .object([
                "terminal": .bool(false), "cwd": .string("/"), "args": .array(words.map(JSONValue.string)),
                "env": .array(variables),
                "user": .object(["uid": .integer(Int64(user)), "gid": .integer(Int64(user))]),
                "capabilities": .object(["bounding": names, "effective": names, "permitted": names]),
            ]),
            "root": .object(["path": .string(root.string), "readonly": .bool(false)]),
            "mounts": .array(fixed + own),
            "linux": .object([
                "namespaces": .array(["pid", "mount", "ipc", "uts"].map { .object(["type": .string($0)]) })
            ]),
        ])
    }
}

extension FilePath {
    /// The folder of the repository that a file of it is in.
    fileprivate var repository: FilePath {
        get throws {
            var folder = self
            while folder.removeLastComponent() {
                if FileManager.default.fileExists(atPath: folder.appending("Package.swift").string) { return folder }
            }
            throw TestSupportError("no Package.swift above \(self)")
        }
    }
}
