extension ConformanceItem {
    /// What buildpacks are and see.
    static let buildpackSections = [
        ConformanceSection(
            title: "API versions and buildpack.toml",
            items: [
                .init("A1", "versions of APIs are compared as numbers"),
                .init("A2", "an unknown Buildpack API is exit code 12, before anything is run"),
                .init("A3", "the platform names the Platform API"),
                .init("A4", "a missing buildpack is an error of detect"),
                .init("A5", "the keys of buildpack.toml; unknown ones are ignored"),
                .init("A6", "a target's variant under both of its keys"),
                .init("A7", "exec-env as a list and as tables"),
                .init("A8", "composites have an order, no stacks, and need no programs"),
                .init("A9", "ids and versions of another form are reported, not refused"),
                .init("A10", "targets that follow from stacks or from bin/build"),
                .init("A11", "order.toml"),
                .init("A12", "buildpacks before and after every group"),
                .init("A13", "keys in any case; errors name file and place"),
                .init("A14", "files that a buildpack does not write count as empty, unreadable ones are errors"),
            ]),
        ConformanceSection(
            title: "What each Buildpack API changed",
            items: [
                .init("B0.2", "the plan has versions beside names"), .init("B0.3", "a requirement's version moves"),
                .init(
                    "B0.4", "tokens of shell processes are evaluated one by one",
                    .provenBy(["evaluates the command and its arguments as the buildpack's API says"])),
                .init("B0.5", "build.toml, exec.d, and files of variables without an ending"),
                .init("B0.6", "a layer's types are a table; default processes"),
                .init("B0.7", "bills of materials"), .init("B0.8", "CNB_* variables for folders; working-dir"),
                .init("B0.9", "commands are arrays, every process direct"),
                .init("B0.10", "targets and CNB_TARGET_*"), .init("B0.11", "no version beside a requirement's name"),
                .init("B0.12", "execution environments"), .init("B13", "deprecated features still work"),
            ]),
        ConformanceSection(
            title: "Variables of bin/detect and bin/build",
            items: [
                .init(
                    "C1",
                    "an allow-list of the machine's own without its paths; PATH is the system's, HOME an empty folder, "
                        + "CNB_STACK_ID the run image's stack"),
                .init("C2", "each detect starts fresh, builds accumulate"),
                .init("C3", "the user's variables, in the environment and as files"),
                .init("C4", "clear-env"),
                .init("C5", "variables of the builder's operator"),
                .init("C6", "the user's variables do not accumulate"), .init("C7", "endings of files of rules"),
                .init("C8", "a delimiter counts only in its own folder"), .init("C9", "what build layers add"),
                .init("C10", "the order in which they add it"), .init("C11", "layers by name, not by file name"),
                .init("C12", "CNB_* variables win over the user's"),
                .init("C13", "the target, from the run image or the machine"),
            ]),
    ]
}
