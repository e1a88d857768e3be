import BuildpackAPI

/// What became of one buildpack in detection.
enum DetectOutcome: Hashable {
    case passed(BuildPlan)
    case failed(String)
    /// An external buildpack could not tell; the group that needs it is rejected with exit code 21.
    case broken(String)
}

/// The outcomes of one detection, and the output of external buildpacks that nobody asked for yet.
struct DetectRecord {
    var outcomes: [GroupElement: DetectOutcome] = [:]
    /// The output of each buildpack, in the order in which they ran.
    var outputs: [(title: String, text: String)] = []

    /// What is told when nothing passed: every output, then every result.
    func text(of groups: [[GroupElement]]) -> String {
        var text = ""
        for output in outputs where !output.text.isEmpty {
            text += "======== Output: \(output.title) ========\n" + output.text
            if !text.hasSuffix("\n") { text += "\n" }
        }
        for group in groups {
            text += "======== Results ========\n"
            for element in group { text += line(of: element) }
        }
        return text
    }

    private func line(of element: GroupElement) -> String {
        switch outcomes[element.ignoringOptional] {
        case .passed: "pass: \(element.title)\n"
        case .failed: (element.isOptional ? "skip: " : "fail: ") + element.title + "\n"
        case .broken(let reason): "err:  \(element.title) (\(reason))\n"
        case nil: ""
        }
    }
}

extension GroupElement {
    /// The same buildpack, whatever its group says of it.
    var ignoringOptional: GroupElement { GroupElement(id: id, version: version, isOptional: false) }
    /// `id@version`.
    var title: String { "\(id)@\(version)" }
}
