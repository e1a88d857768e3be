/// The commands of git that are answered, with the options that are known to run no program and to write no file.
extension GitRule {
    private static let format: Set<String> = ["--format", "--pretty", "--date"]

    private static let selection: Set<String> = [
        "--all", "--first-parent", "--merges", "--no-merges", "--reverse", "--date-order", "--topo-order",
        "--author-date-order", "--no-walk", "--not", "--tags", "--branches", "--remotes", "--full-history",
        "--simplify-by-decoration", "--cherry-pick", "--left-right", "--ancestry-path", "--boundary", "-i", "-E", "-F",
        "--parents", "--children",
    ]

    private static let selectionValues: Set<String> = [
        "-n", "--max-count", "--skip", "--since", "--after", "--until", "--before", "--author", "--committer", "--grep",
        "--min-parents", "--max-parents",
    ]

    private static let comparison: Set<String> = [
        "-p", "-u", "--patch", "-s", "--no-patch", "--raw", "--stat", "--shortstat", "--numstat", "--summary",
        "--name-only", "--name-status", "--no-renames", "-M", "-w", "-b", "-z", "--quiet", "--exit-code",
        "--color=never",
        "--no-color", "--ignore-all-space", "--ignore-space-change", "--no-ext-diff", "--no-textconv", "--relative",
        "--minimal", "--full-index",
    ]

    private static let log = GitRule(
        flags: selection.union(comparison).union([
            "--oneline", "--abbrev-commit", "--no-abbrev-commit", "--no-decorate", "--graph", "--follow", "--no-notes",
            "--no-show-signature",
        ]),
        values: format.union(selectionValues).union(["--diff-filter", "--abbrev"]),
        optional: ["--decorate", "--stat"], hasNumbers: true, added: ["--no-ext-diff", "--no-textconv"])

    private static let version = GitRule(flags: ["--build-options"], operands: 0...0)

    static let all: [String: GitRule] = [
        "version": version,
        "describe": GitRule(
            flags: [
                "--tags", "--all", "--long", "--always", "--exact-match", "--first-parent", "--contains",
                "--no-abbrev",
            ],
            values: ["--match", "--exclude", "--candidates"], optional: ["--abbrev", "--dirty", "--broken"],
            comparing: ["--dirty", "--broken"]),
        "rev-parse": GitRule(
            flags: [
                "--verify", "-q", "--quiet", "--symbolic", "--symbolic-full-name", "--git-dir", "--absolute-git-dir",
                "--git-common-dir", "--show-toplevel", "--show-prefix", "--show-cdup", "--is-inside-work-tree",
                "--is-inside-git-dir", "--is-bare-repository", "--is-shallow-repository", "--all", "--not",
                "--revs-only",
                "--no-revs", "--flags", "--no-flags",
            ],
            values: ["--default"], optional: ["--short", "--abbrev-ref", "--branches", "--tags", "--remotes"]),
        "log": log,
        "show": log,
        "rev-list": GitRule(
            flags: selection.union([
                "--count", "--abbrev-commit", "--timestamp", "--no-commit-header", "--oneline", "--quiet",
            ]),
            values: format.union(selectionValues).union(["--abbrev"]), hasNumbers: true),
        "shortlog": GitRule(
            flags: ["-s", "-n", "-e", "-sn", "-ns", "-sne", "--summary", "--numbered", "--email", "--no-merges"],
            values: selectionValues.union(["--group"]), operands: 1...many),
        "status": GitRule(
            flags: [
                "-s", "--short", "-b", "--branch", "-z", "--long", "--no-renames", "--ahead-behind",
                "--no-ahead-behind",
                "-sb",
            ],
            optional: ["--porcelain", "-u", "--untracked-files", "--ignored", "--ignore-submodules", "--column"],
            comparing: nil),
        "diff": GitRule(
            flags: comparison.union(["--cached", "--staged", "--merge-base"]),
            values: ["--diff-filter"], optional: ["--ignore-submodules"],
            added: ["--no-ext-diff", "--no-textconv"], comparing: nil),
        "diff-index": GitRule(
            flags: comparison.union(["--cached"]), values: ["--diff-filter"], optional: ["--ignore-submodules"],
            added: ["--no-ext-diff", "--no-textconv"], comparing: nil),
        "diff-files": GitRule(
            flags: comparison, values: ["--diff-filter"], optional: ["--ignore-submodules"],
            added: ["--no-ext-diff", "--no-textconv"], comparing: nil),
        "symbolic-ref": GitRule(flags: ["-q", "--quiet", "--short"], operands: 1...1),
        "branch": GitRule(
            flags: [
                "--show-current", "-a", "--all", "-r", "--remotes", "-v", "-vv", "--verbose", "-l", "--list",
                "--no-color", "--color=never", "--no-column", "-i", "--ignore-case",
            ],
            values: ["--sort", "--format", "--points-at"],
            optional: ["--contains", "--no-contains", "--merged", "--no-merged", "--abbrev"],
            operandsNeed: ["-l", "--list"]),
        "tag": GitRule(
            flags: ["-l", "--list", "--no-color", "--color=never", "--no-column", "-i", "--ignore-case"],
            values: ["--sort", "--format", "--points-at"],
            optional: ["-n", "--contains", "--no-contains", "--merged", "--no-merged"],
            operandsNeed: ["-l", "--list"]),
        "name-rev": GitRule(
            flags: ["--name-only", "--tags", "--always", "--no-undefined", "--all"], values: ["--refs", "--exclude"]),
        "ls-files": GitRule(
            flags: [
                "-z", "-t", "-v", "-c", "--cached", "-d", "--deleted", "-m", "--modified", "-o", "--others", "-s",
                "--stage", "--exclude-standard", "--full-name", "--error-unmatch", "--directory", "--eol", "-i",
                "--ignored",
            ],
            optional: ["--abbrev"], comparing: ["-m", "--modified", "-o", "--others"]),
        "ls-tree": GitRule(
            flags: [
                "-r", "-d", "-t", "-l", "-z", "--long", "--name-only", "--name-status", "--full-name", "--full-tree",
            ],
            optional: ["--abbrev"]),
        "for-each-ref": GitRule(
            values: ["--count", "--sort", "--format", "--points-at"],
            optional: ["--contains", "--no-contains", "--merged", "--no-merged"]),
        "show-ref": GitRule(
            flags: [
                "--head", "--heads", "--branches", "--tags", "--verify", "-q", "--quiet", "-d", "--dereference", "-s",
            ],
            optional: ["--hash", "--abbrev"]),
        "merge-base": GitRule(flags: ["-a", "--all", "--octopus", "--is-ancestor", "--independent"]),
        "cat-file": GitRule(flags: ["-t", "-s", "-e", "-p"], operands: 1...2),
        "config": GitRule(
            flags: ["--get", "--get-all", "--local", "--list", "-l"], operands: 0...1, readsConfiguration: true),
        "remote": GitRule(
            flags: ["-v", "--verbose"], operands: 0...2, firstOperands: ["get-url"], readsConfiguration: true),
    ]
}
