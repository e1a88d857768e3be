import BuildpackAPI

extension [String: String] {
    /// Applies a layer's rule to the environment (specification, "Environment Variable Modification Rules").
    mutating func apply(_ rule: EnvironmentRule) {
        let current = self[rule.name] ?? ""
        let delimiter = current.isEmpty || rule.value.isEmpty ? "" : rule.delimiter
        switch rule.action {
        case .override: self[rule.name] = rule.value
        case .default: if current.isEmpty { self[rule.name] = rule.value }
        case .append: self[rule.name] = current + delimiter + rule.value
        case .prepend: self[rule.name] = rule.value + delimiter + current
        }
    }

    /// Puts a folder in front of a path variable.
    mutating func prependPath(_ folder: String, to name: String) {
        let current = self[name] ?? ""
        self[name] = current.isEmpty ? folder : folder + ":" + current
    }
}
