/// A variable of the platform by which users steer these buildpacks.
enum BuildSetting: String, CaseIterable {
    case release = "RELEASE"
    case debug = "DEBUG"
    case elixirVersion = "BP_ELIXIR_VERSION"
    case erlangVersion = "BP_OTP_VERSION"
    case distribution = "BP_DISTRIBUTION"

    /// What the variables say; an empty one says nothing.
    func value(in variables: [String: String]) -> String? {
        variables[rawValue].flatMap { $0.isEmpty ? nil : $0 }
    }
}
