/// The runner of GitHub Actions, as far as it obeys a step's output.
public enum WorkflowRunner {
    /// The commands that it obeys; commands that stop and resume are left out.
    ///
    /// It looks past blanks at the start of a line, and finds the older `##[name]` anywhere in it.
    public static func commands(in text: String) -> [String] {
        var token: String?
        var obeyed: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let line = String(line.drop { $0 == " " || $0 == "\t" })
            if let current = token {
                if line == "::\(current)::" { token = nil }
            } else if line.hasPrefix("::stop-commands::") {
                token = String(line.dropFirst("::stop-commands::".count))
            } else if line.hasPrefix("::") || line.contains("##[") {
                obeyed.append(line)
            }
        }
        return obeyed
    }
}
