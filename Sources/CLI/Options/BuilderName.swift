import Diagnostics
import Lifecycle
import OCIImage

/// A builder by its name: a builder image, or the built-in buildpacks on this machine.
struct BuilderName {
    private let name: String

    init(_ name: String) { self.name = name }

    /// The built-in buildpacks.
    static let host = "host"
    /// The builder named in the original's instructions; it means the built-in order while no registry of its name is
    /// configured.
    static let original = "rg.nl-ams.scw.cloud/carlo-colombo/elixir-builder"

    /// Where the builder is; `nil` is the built-in order.
    /// - Parameter source: where the name stands, where that is not the command line.
    /// - Throws: `Failure` of code `usage` for what is neither a name nor a place.
    func place(_ machine: Machine, namedBy source: String? = nil) throws -> ImagePlace? {
        guard try !isBuiltIn(machine) else { return nil }
        do {
            return try NamedImage.place(name).absolute(machine)
        } catch let error {
            throw error.failing("\(source ?? "--builder") \(name)", as: .usage)
        }
    }

    /// The line that tells what the name means here; `nil` for the host itself and for an image.
    func notice(_ machine: Machine) throws -> String? {
        guard name != Self.host, try isBuiltIn(machine) else { return nil }
        return "builder \(name): mixpack uses its built-in buildpacks"
    }

    private func isBuiltIn(_ machine: Machine) throws -> Bool {
        if name == Self.host { return true }
        guard let reference = try? Reference(name), let registry = reference.registry,
            "\(registry)/\(reference.repository)" == Self.original
        else { return false }
        return try ConfigurationFile(machine: machine).registries()[registry] == nil
    }
}
