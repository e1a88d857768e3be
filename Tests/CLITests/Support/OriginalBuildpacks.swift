import SystemPackage
import TestSupport

/// Buildpacks in bash, of Buildpack API 0.2 and of the shape that the originals of 2021 have.
///
/// Written for the tests; Erlang and Elixir come from the machine instead of a download.
struct OriginalBuildpacks {
    let folder: FilePath

    /// Writes the four folders.
    init(in folder: FilePath) throws {
        self.folder = folder
        try write(
            "erlang-runtime", detect: Self.provides("erlang"), build: Self.tools("erl erlc escript", in: "erlang"))
        try write(
            "elixir-runtime", detect: Self.provides("elixir") + Self.requires("erlang", metadata: ""),
            build: "command -v erl\n" + Self.tools("elixir mix iex", in: "elixir"))
        try write(
            "mix-release",
            detect: "test -f mix.exs || exit 100\n" + Self.provides("mix-release")
                + Self.requires("mix-release", metadata: "") + Self.requires("elixir", metadata: "build = true"),
            build: Self.release)
        try folder.appending("elixir/buildpack.toml").write(
            Self.manifest("elixir") + "[[order]]\n"
                + ["erlang-runtime", "elixir-runtime", "mix-release"].map {
                    "[[order.group]]\nid = \"io.github.carlo-colombo.\($0)\"\nversion = \"0.1.0\"\n"
                }.joined())
    }

    /// The arguments that name them, in the order of the original's own instructions.
    var arguments: [String] {
        ["elixir", "elixir-runtime", "erlang-runtime", "mix-release"].flatMap { ["-b", "\(folder.appending($0))/"] }
    }

    /// A builder.toml like the original's; build and run image are made from this machine.
    func builder() throws -> FilePath {
        let names = ["elixir", "elixir-runtime", "erlang-runtime", "mix-release"]
        let file = folder.appending("elixir-builder/builder.toml")
        try file.write(
            names.map { "[[buildpacks]]\nuri = \"../\($0)\"\n" }.joined()
                + "[[order]]\n[[order.group]]\nid = \"io.github.carlo-colombo.elixir\"\nversion = \"0.1.0\"\n")
        return file
    }

    private static func manifest(_ name: String) -> String {
        """
        api = "0.2"
        [buildpack]
        id = "io.github.carlo-colombo.\(name)"
        version = "0.1.0"
        name = "\(name)"

        """
    }

    private func write(_ name: String, detect: String, build: String) throws {
        let place = folder.appending(name)
        let stacks = "[[stacks]]\nid = \"io.github.carlo-colombo.elixir-builder\"\n[[stacks]]\nid = \"heroku-18\"\n"
        try place.appending("buildpack.toml").write(Self.manifest(name) + stacks)
        let head = "#!/usr/bin/env bash\nset -eo pipefail\n"
        try place.appending("bin/detect").write(head + "plan=$2\n" + detect, mode: 0o755)
        try place.appending("bin/build").write(
            head + "layers=$1 platform=$2\nif [ -n \"$DEBUG\" ]; then set -x; fi\necho \"---> \(name)\"\n" + build,
            mode: 0o755)
    }

    private static func provides(_ name: String) -> String {
        "printf '[[provides]]\\nname = \"\(name)\"\\n' >> $plan\n"
    }

    private static func requires(_ name: String, metadata: String) -> String {
        "printf '[[requires]]\\nname = \"\(name)\"\\n[requires.metadata]\\n\(metadata)\\n' >> $plan\n"
    }

    private static func tools(_ names: String, in layer: String) -> String {
        """
        mkdir -p $layers/\(layer)/bin
        for tool in \(names); do ln -sf "$(command -v $tool)" $layers/\(layer)/bin/$tool; done
        printf 'build = true\\ncache = true\\nlaunch = false\\n' > $layers/\(layer).toml

        """
    }

    private static let release = """
        case "$(command -v mix)" in /layers/*) ;; *) echo "mix is not the layer's"; exit 1 ;; esac
        copy=$layers/app
        mkdir -p $copy && cp -r ./* $copy
        printf 'cache = true\\n' > $layers/app.toml
        cd $copy
        export MIX_ENV=prod
        if [ -d assets ]; then mix phx.digest; fi
        mix release $RELEASE --path $layers/release --overwrite --quiet
        name=${RELEASE:-$(basename $layers/release/releases/*/*.rel .rel)}
        printf 'launch = true\\n[metadata]\\nname = "%s"\\n' "$name" > $layers/release.toml
        printf '[[processes]]\\ntype = "web"\\ncommand = "%s"\\n' "$layers/release/bin/$name start" > $layers/launch.toml

        """
}
