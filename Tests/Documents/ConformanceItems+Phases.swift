extension ConformanceItem {
    private static let oneProgram = "the phases are one program; the value is in its events, not in a file"

    /// What the phases do.
    static let phaseSections = [
        ConformanceSection(
            title: "Detect",
            items: [
                .init("D1", "how bin/detect is started"), .init("D2", "0 passes, 100 fails, the rest is an error"),
                .init("D3", "what is reported if nothing passes"),
                .init("D4", "once for each buildpack, no id twice in a group"),
                .init("D5", "composites, depth first"),
                .init("D6", "extensions before the buildpacks"),
                .init("D7", "optional members may fail"), .init("D8", "exit codes 20, 21 and 22"),
                .init("D9", "targets are checked before anything is run"), .init("D10", "execution environments"),
                .init("D11", "the build plan and its alternatives"),
                .init("D12", "optional counts in the last alternative only"),
                .init("D13", "a trial of the plan"), .init("D14", "worked examples of it"),
                .init("D15", "extensions only in builders"), .init("D16", "providers and requirements of an entry"),
                .init("D17", "group.toml and plan.toml"),
            ]),
        ConformanceSection(
            title: "Analyze and run images",
            items: [
                .init("E1", "without a previous image, or with an unreadable label, nothing is known"),
                .init("E2", "the label is read, also one from another platform"),
                .init("E3", "analyzed.toml"), .init("E4", "the target of a run image"),
                .init("E5", "a run image chosen from run.toml and its mirrors"),
                .init("E6", "run.toml in the label"),
                .init("E7", "a later check of the chosen run image", .doesNotApply(oneProgram)),
                .init("E8", "bills of materials of the previous image"),
                .init("E9", "outputs on several registries"),
                .init("E10", "buildpacks see no credentials"),
            ]),
        ConformanceSection(
            title: "Restore and cache",
            items: [
                .init("F1", "store.toml comes back"), .init("F2", "metadata from the image"),
                .init("F3", "metadata from the cache"), .init("F4", "contents, after a check of their digest"),
                .init("F5", "nothing for buildpacks outside the group"), .init("F6", "bills of materials of layers"),
                .init("F7", "the cache's files, and their swap"), .init("F8", "what is cached"),
                .init("F9", "cached bills of materials"), .init("F10", "how layers are unpacked"),
                .init(
                    "F11", "another execution environment than before",
                    .doesNotApply("the specification leaves it open; like the reference, nothing is forgotten")),
            ]),
        ConformanceSection(
            title: "Build",
            items: [
                .init("H1", "how bin/build is started"), .init("H2", "exit codes 51 and 52"),
                .init("H3", "met and unmet entries"), .init("H4", "layers, and layers without a type"),
                .init("H5", "layers without a folder; one default process"), .init("H6", "launch.toml"),
                .init("H7", "processes are merged by type"), .init("H8", "metadata.toml"),
                .init("H9", "formats of bills of materials"),
                .init("H10", "the legacy bill of materials", .later("nothing reads it any more")),
            ]),
    ]
}
