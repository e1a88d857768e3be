/// A program that the scripts of a release call.
struct ReleaseTool {
    let name: String
    /// What does not work without it.
    let purpose: String
    let isFatal: Bool
    /// The Debian package that has it.
    let package: String

    static let all =
        [
            "sh": "dash", "dirname": "coreutils", "cut": "coreutils", "sed": "sed", "cat": "coreutils",
            "basename": "coreutils",
        ]
        .sorted { $0.key < $1.key }
        .map {
            ReleaseTool(name: $0.key, purpose: "no command of the release starts", isFatal: true, package: $0.value)
        }
        + ["dd": "coreutils", "od": "coreutils", "awk": "mawk"].sorted { $0.key < $1.key }
        .map {
            ReleaseTool(
                name: $0.key, purpose: "remote, rpc, stop and pid do not work", isFatal: false, package: $0.value)
        }
        + ["grep": "grep", "readlink": "coreutils"].sorted { $0.key < $1.key }
        .map {
            ReleaseTool(
                name: $0.key, purpose: "the release's script warns at each start", isFatal: false, package: $0.value)
        }
}
