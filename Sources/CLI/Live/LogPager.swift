import Console
import Diagnostics

/// The command that shows a container's whole log in the user's pager, with one value masked.
struct LogPager {
    /// What asks the engine for a log, up to the container's name.
    let words: [String]
    /// What must not be shown; `nil` if there is nothing.
    let hidden: String?

    private static let variable = "MIXPACK_HIDDEN"
    private static let filter = """
        BEGIN { hidden = ENVIRON["\(variable)"] }
        {
          shown = ""
          while ((at = index($0, hidden)) > 0) {
            shown = shown substr($0, 1, at - 1) "•••"
            $0 = substr($0, at + length(hidden))
          }
          print shown $0
        }
        """

    func command(_ container: String) -> InteractiveCommand {
        let pager = "${PAGER:-less -R}"
        guard let hidden, !hidden.isEmpty else {
            return InteractiveCommand(["/bin/sh", "-c", "\"$@\" 2>&1 | \(pager)", "sh"] + words + [container])
        }
        // The value is in the environment alone, where the engine's container has it too.
        let script = "filter=$1; shift; \"$@\" 2>&1 | awk \"$filter\" | \(pager)"
        return InteractiveCommand(
            ["/bin/sh", "-c", script, "sh", Self.filter] + words + [container],
            environment: [Self.variable: SecretValue(hidden)])
    }
}
