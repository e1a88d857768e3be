extension PackFlag {
    /// Every flag of these commands of pack 0.40, in pack's order.
    package static let all: [PackFlag] =
        build + shared + rebase + inspect + sbomDownload + buildpackPackage
        + builderCreate + builderInspect

    private static let engineless = "mixpack builds without a container engine"
    private static let lifecycle = "the lifecycle is a part of mixpack"

    private static let build = [
        PackFlag([.build], "builder", "B", .one, .works(as: "builder")),
        PackFlag([.build], "buildpack", "b", .list, .works(as: "buildpack")),
        PackFlag(
            [.build, .buildpackPackage], "buildpack-registry", "r", .one,
            .refused("mixpack reads no index of buildpacks; name the image: -b docker://REF")),
        PackFlag([.build], "cache", nil, .one, .works(as: "cache"), note: "build caches in a folder (`format=bind`)"),
        PackFlag([.build], "cache-image", nil, .one, .works(as: "cache-image")),
        PackFlag([.build], "clear-cache", nil, .none, .works(as: "clear-cache")),
        PackFlag([.build], "creation-time", nil, .one, .works(as: "creation-time")),
        PackFlag([.build], "default-process", "D", .one, .works(as: "default-process")),
        PackFlag([.build], "descriptor", "d", .one, .works(as: "descriptor")),
        PackFlag(
            [.build], "disable-system-buildpacks", nil, .none, .needless("mixpack adds no buildpacks by itself")),
        PackFlag(
            [.build], "docker-host", nil, .one,
            .needless("\(engineless); the engine that gets the image is the one that DOCKER_HOST names")),
        PackFlag([.build], "env", "e", .one, .works(as: "env")),
        PackFlag([.build], "env-file", nil, .one, .works(as: "env-file")),
        PackFlag([.build], "exec-env", nil, .one, .works(as: "exec-env")),
        PackFlag(
            [.build], "extension", nil, .list,
            .refused("image extensions are a builder's; use a run image that has what it adds: --run-image")),
        PackFlag([.build], "gid", nil, .one, .needless("files of the image belong to user and group 1000")),
        PackFlag([.build], "uid", nil, .one, .needless("files of the image belong to user and group 1000")),
        PackFlag(
            [.build], "interactive", nil, .none, .refused("the console shows the build and the image: --ui tui")),
        PackFlag([.build], "lifecycle-image", nil, .one, .needless(lifecycle)),
        PackFlag(
            [.build], "network", nil, .one, .works(as: "network"),
            note: "`none` for every step; `host`, `default` and `bridge` for buildpacks of others"),
        PackFlag([.build], "path", "p", .one, .works(as: "path")),
        PackFlag([.build], "platform", nil, .one, .works(as: "platform")),
        PackFlag([.build], "post-buildpack", nil, .list, .works(as: "post-buildpack")),
        PackFlag([.build], "pre-buildpack", nil, .list, .works(as: "pre-buildpack")),
        PackFlag([.build, .rebase], "previous-image", nil, .one, .works(as: "previous-image")),
        PackFlag([.build, .rebase], "publish", nil, .none, .works(as: "publish")),
        PackFlag(
            [.build, .rebase, .buildpackPackage, .builderCreate], "pull-policy", nil, .one,
            .needless("an image that is named in a registry is asked for each time, and fetched if it changed")),
        PackFlag([.build, .rebase], "report-output-dir", nil, .one, .works(as: "report-output-dir")),
        PackFlag([.build, .rebase], "run-image", nil, .one, .works(as: "run-image")),
        PackFlag([.build], "sbom-output-dir", nil, .one, .works(as: "sbom-output-dir")),
        PackFlag(
            [.build], "sparse", nil, .none, .refused("leave it out: a layout that mixpack writes has all its layers")),
        PackFlag([.build], "tag", "t", .list, .works(as: "tag")),
        PackFlag(
            [.build], "trust-builder", nil, .none, .needless("buildpacks get no credentials, whoever made them")),
        PackFlag(
            [.build], "trust-extra-buildpacks", nil, .none,
            .needless("buildpacks get no credentials, whoever made them")),
        PackFlag([.build], "userns-host", nil, .none, .needless(engineless)),
        PackFlag([.build], "volume", nil, .one, .works(as: "volume")),
        PackFlag([.build], "workspace", nil, .one, .needless("the application is at /workspace in every image")),
    ]

    /// Flags of several commands.
    private static let shared = [
        PackFlag(
            [.build, .rebase], "insecure-registry", nil, .one, .works(as: "insecure-registry")),
        PackFlag(
            Command.allCases, "force-color", nil, .none,
            .needless("only the console has colours, and takes --color always")),
        PackFlag([.build, .inspect], "no-color", nil, .none, .works(as: "no-color")),
        PackFlag(
            [.rebase, .sbomDownload, .buildpackPackage, .builderCreate, .builderInspect], "no-color", nil, .none,
            .needless("its lines have no colours")),
        PackFlag([.build], "quiet", "q", .none, .works(as: "quiet")),
        PackFlag([.build], "verbose", "v", .none, .works(as: "verbose")),
        PackFlag(
            [.rebase, .inspect, .sbomDownload, .buildpackPackage, .builderCreate, .builderInspect], "quiet", "q", .none,
            .needless("the command prints its result only")),
        PackFlag(
            [.rebase, .inspect, .sbomDownload, .buildpackPackage, .builderCreate, .builderInspect], "verbose", "v",
            .none,
            .needless("the command has nothing more to say")),
        PackFlag([.build], "timestamps", nil, .none, .works(as: "timestamps")),
        PackFlag(
            [.rebase, .inspect, .sbomDownload, .buildpackPackage, .builderCreate, .builderInspect], "timestamps", nil,
            .none,
            .needless("the command has no log")),
    ]

    private static let rebase = [PackFlag([.rebase], "force", nil, .none, .works(as: "force"))]

    private static let inspect = [
        PackFlag([.inspect], "bom", nil, .none, .works(as: "sbom")),
        PackFlag(
            [.inspect], "output", "o", .one, .refused("mixpack prints text, or JSON: --json"),
            byValue: [
                "json": .works(as: "json"), "human-readable": .needless("it is what mixpack prints without --json"),
            ]),
    ]

    private static let sbomDownload = [
        PackFlag([.sbomDownload], "output-dir", "o", .one, .works(as: "output-dir")),
        PackFlag(
            [.sbomDownload], "remote", nil, .none, .refused("name the registry: mixpack sbom download docker://IMAGE")),
    ]

    private static let own = "mixpack packages its own buildpacks"
    private static let buildpackPackage = [
        PackFlag([.buildpackPackage], "config", "c", .one, .refused("\(own), which need no package.toml")),
        PackFlag(
            [.buildpackPackage], "format", "f", .one, .works(as: "format"), note: "`image` or `file`"),
        PackFlag([.buildpackPackage], "publish", nil, .none, .works(as: "publish")),
        PackFlag([.buildpackPackage], "path", "p", .one, .refused("\(own), not those of a folder")),
        PackFlag([.buildpackPackage], "flatten", nil, .none, .needless("the package has one layer")),
        PackFlag([.buildpackPackage], "flatten-exclude", "e", .list, .refused("the package has one layer")),
        PackFlag(
            [.buildpackPackage], "target", "t", .list,
            .refused("mixpack packages for the machine that it runs on; join packages of several with mixpack index")),
        PackFlag(
            [.buildpackPackage], "tag", nil, .list,
            .refused("name each place: mixpack buildpack package docker://ONE docker://TWO")),
        PackFlag([.buildpackPackage], "label", "l", .list, .refused("labels are those that platforms read")),
        PackFlag(
            [.buildpackPackage], "append-image-name-suffix", nil, .none,
            .refused("write the suffix into the image's name")),
    ]

    private static let builderCreate = [
        PackFlag([.builderCreate], "config", "c", .one, .works(as: "config")),
        PackFlag([.builderCreate], "publish", nil, .none, .works(as: "publish")),
        PackFlag([.builderCreate], "label", "l", .list, .works(as: "label")),
        PackFlag(
            [.builderCreate], "buildpack-registry", "R", .one,
            .refused("mixpack reads no index of buildpacks; name the image in builder.toml: uri = \"docker://REF\"")),
        PackFlag([.builderCreate], "flatten", nil, .list, .needless("platforms take a layer for each buildpack too")),
        PackFlag(
            [.builderCreate], "target", "t", .list,
            .refused(
                "mixpack makes a builder for the build image's target; join builders of several with mixpack index")),
        PackFlag(
            [.builderCreate], "append-image-name-suffix", nil, .none,
            .refused("write the suffix into the image's name")),
    ]

    private static let builderInspect = [
        PackFlag([.builderInspect], "depth", "d", .one, .needless("mixpack shows the whole order")),
        PackFlag(
            [.builderInspect], "output", "o", .one, .refused("mixpack prints text, or JSON: --json"),
            byValue: [
                "json": .works(as: "json"), "human-readable": .needless("it is what mixpack prints without --json"),
            ]),
    ]
}
