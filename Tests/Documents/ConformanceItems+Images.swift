extension ConformanceItem {
    /// What images are.
    static let imageSections = [
        ConformanceSection(
            title: "Layers of an image",
            items: [
                .init("I1", "their order"), .init("I2", "launch layers are written or reused"),
                .init(
                    "I3", "the lifecycle's own layers are reused by their digests",
                    .provenBy([
                        "a layer that the store has is not written again, with or without the digest that is expected"
                    ])),
                .init("I4", "an unreadable layer toml is an error of build, which reads it first: 52"),
                .init("I5", "tars of layers"),
                .init(
                    "I6", "the launcher's and the process types' layers",
                    .provenBy([
                        "process types have the digest that the lifecycle gives",
                        "the launcher's layer has the digest that the lifecycle gives",
                    ])),
                .init("I7", "patterns of slices"), .init("I8", "layers of slices"), .init("I9", "history"),
                .init(
                    "I10", "words of the log", .doesNotApply("reports have their own words; events are docs/events.md")),
            ]),
        ConformanceSection(
            title: "Golden digests",
            items: [
                .init("G1", "an empty tar", .provenBy(["an empty layer is two blocks of zeros"])),
                .init("G2", "one process type", .provenBy(["process types have the digest that the lifecycle gives"])),
                .init("G3", "two process types", .provenBy(["process types have the digest that the lifecycle gives"])),
                .init(
                    "G4", "the launcher", .provenBy(["the launcher's layer has the digest that the lifecycle gives"])),
                .init("G5", "a folder"),
                .init(
                    "G6", "long and unusual names",
                    .provenBy(["long and unusual names have the digest that Go's archive/tar gives"])),
            ]),
        ConformanceSection(
            title: "Configuration, labels, places",
            items: [
                .init("J1", "the entrypoint"), .init("J2", "variables and folder"), .init("J3", "the time"),
                .init("J4", "io.buildpacks.lifecycle.metadata"), .init("J5", "a layer's metadata in it"),
                .init("J6", "io.buildpacks.build.metadata"), .init("J7", "io.buildpacks.project.metadata"),
                .init("J8", "buildpacks' labels come last"),
                .init("J9", "report.toml"),
                .init("J10", "the launcher's own bill of materials", .later("it has no dependencies to list")),
                .init(
                    "J11", "paths of names in a folder of layouts",
                    .provenBy(["the path in a folder of layouts is the platform specification's"])),
                .init(
                    "J12", "layouts",
                    .provenBy(["skopeo reads the store's layout, with the digest that we gave"])),
                .init("J13", "several names"),
            ]),
        ConformanceSection(
            title: "Rebase",
            items: [
                .init("K1", "layers are swapped"), .init("K2", "the label is kept"), .init("K3", "names of run images"),
                .init("K4", "platform, distribution, stack"), .init("K5", "labels of the base"),
                .init("K6", "the run image by default"),
            ]),
        ConformanceSection(
            title: "Launch",
            items: [
                .init(
                    "L1", "which process is started",
                    .provenBy([
                        "starts the process it is called as",
                        "runs a command of the user's: after -- directly, else in a shell",
                    ])),
                .init(
                    "L2", "execution environments",
                    .provenBy(["takes the process that is for the execution environment"])),
                .init(
                    "L3", "the user's arguments",
                    .provenBy(["lets the user's arguments replace or follow the process's own"])),
                .init(
                    "L4", "the environment",
                    .provenBy([
                        "takes out what is the launcher's own, and keeps the rest",
                        "adds folders and files of layers by buildpack, then by layer name",
                    ])),
                .init(
                    "L5", "the order of folders, exec.d and working-dir",
                    .provenBy(["starts in the process's folder, after exec.d ran in the application's"])),
                .init(
                    "L6", "exec.d",
                    .provenBy([
                        "runs exec.d programs in order, each with what the ones before set",
                        "stops when an exec.d program fails or prints no table of strings",
                    ])),
                .init(
                    "L7", "direct processes",
                    .provenBy(["the program takes the launcher's place: same process, its own end"])),
                .init(
                    "L8", "processes in a shell",
                    .provenBy([
                        "evaluates the command and its arguments as the buildpack's API says",
                        "sources profiles of layers, of the type and of the application, in that order",
                    ])),
                .init("L9", "exit codes", .provenBy(["says what is wrong, with the specification's exit statuses"])),
                .init(
                    "L10", "launching from the folders of a build",
                    .doesNotApply("processes are started in images only")
                ),
            ]),
        ConformanceSection(
            title: "Extensions, exit codes, around the lifecycle",
            items: [
                .init("M1", "generate"), .init("M2", "extend: only to another run image"),
                .init("N", "exit codes"), .init("Q1", "project.toml"), .init("Q2", "scripts as buildpacks"),
                .init("Q3", "buildpacks in images and archives"),
            ]),
    ]
}
