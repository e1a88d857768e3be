import Diagnostics
import OCIImage

/// A builder by its name: the host and the original's builder mean the built-in buildpacks.
struct Builder {
    private let name: String

    init(_ name: String) { self.name = name }

    /// The builder named in the original's instructions; it means the built-in order.
    static let original = "rg.nl-ams.scw.cloud/carlo-colombo/elixir-builder"

    /// The line that tells what the name means here; `nil` for the host itself.
    var notice: String? { name == "host" ? nil : "builder \(name): the built-in buildpacks are used" }

    /// Refuses a builder that cannot be used.
    /// - Parameter source: where the name stands, where that is not the command line.
    /// - Throws: `Failure` of code `usage`.
    func check(namedBy source: String? = nil) throws {
        guard name != "host" else { return }
        let reference = try? Reference(name)
        guard reference.map({ "\($0.registry ?? "")/\($0.repository)" }) == Self.original else {
            let advice = source == nil ? "leave --builder out, or give --builder host" : "give --builder host"
            throw Failure(
                .usage, "\(source.map { "\($0): " } ?? "")builder images cannot be used yet: \(name)", advice: advice)
        }
    }
}
