import SystemPackage

/// What the helper is asked for.
struct InspectionRequest {
    var root: FilePath
    var isEvaluating: Bool
    var filesToScan: [String]
    var timeoutSeconds: Int

    /// The request as the helper reads it: lines of `key=value`.
    func text(output: FilePath) -> String {
        let lines = [
            "project=\(root)", "output=\(output)", "evaluate=\(isEvaluating)", "timeout=\(timeoutSeconds * 1000)",
        ]
        return (lines + filesToScan.map { "scan=\($0)" }).joined(separator: "\n") + "\n"
    }
}
