/// Buildpack ids as people call them.
package enum BuildpackName {
    /// The last part of an id: `mix-release` for `io.github.carlo-colombo.mix-release`.
    package static func short(_ id: String) -> String {
        let part = id.split(whereSeparator: { $0 == "." || $0 == "/" }).last
        return part.map(String.init) ?? id
    }
}
