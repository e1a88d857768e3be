/// What the user should know of a variable and its value, in plain words.
enum SecretAdvice {
    /// Warnings on the row's value and on where it goes; empty where all is well.
    static func warnings(for row: SecretRow) -> [String] {
        var warnings: [String] = []
        if let problem = row.problem { warnings.append(problem) }
        if row.isSecret && row.identity.phase == .build {
            let place = row.uses.first.map { " (\($0.file):\($0.line))" } ?? ""
            warnings.append(
                "read while building\(place): the value may be compiled into the image. Read it in config/runtime.exs"
                    + " instead, and it stays out.")
        }
        guard let value = row.value else { return warnings }
        if row.name == "SECRET_KEY_BASE" && value.count < 64 {
            warnings.append("\(value.count) characters: Phoenix wants 64 or more. `s` makes one.")
        } else if row.isSecret && value.count < 6 {
            warnings.append("shorter than 6 characters: too short to be found and masked in a log.")
        }
        return warnings
    }

    /// When the variable is read, and what that means.
    static func explanation(for row: SecretRow) -> String {
        switch row.identity.phase {
        case .build:
            "Read while the release is built. The build gets the value; the container does not need it."
        case .run:
            "Read when the container starts. The build does not get the value and the image does not hold it; Run asks"
                + " for it, and `docker run -e \(row.name)` passes it on."
        }
    }

    /// The need in plain words.
    static func need(of row: SecretRow) -> String {
        switch row.need {
        case .required: "required"
        case .default: "has a default"
        case .flag: "a switch"
        case .optional: row.uses.isEmpty ? "added by you" : "optional"
        }
    }
}
