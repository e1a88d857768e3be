import BuildpackAPI
import Diagnostics

/// The buildpacks that a build can use, and the order in which their groups are tried.
package struct BuildpackStore: Sendable {
    /// The groups to try, in order.
    package let order: [[BuildpackReference]]
    let buildpacks: [any Buildpack]

    package init(_ buildpacks: [any Buildpack], order: [[BuildpackReference]]) {
        self.buildpacks = buildpacks
        self.order = order
    }

    /// The buildpack that a reference names.
    /// - Throws: `Failure` that names the ones there are.
    package func buildpack(_ reference: BuildpackReference) throws -> any Buildpack {
        let found = buildpacks.first { candidate in
            candidate.descriptor.id == reference.id
                && reference.version.map { $0 == candidate.descriptor.version } ?? true
        }
        guard let found else {
            let known = buildpacks.map { "\($0.descriptor.id)@\($0.descriptor.version)" }.joined(separator: ", ")
            let wanted = reference.id + (reference.version.map { "@" + $0 } ?? "")
            throw Failure(.cannotPlan, "no buildpack \(wanted)", advice: "there are: \(known)")
        }
        return found
    }

    /// Every buildpack, in the order in which they were given.
    package var all: [BuildpackDescriptor] { buildpacks.map(\.descriptor) }
}

extension Buildpack {
    /// Whether it is an image extension.
    var isExtension: Bool { (self as? DirectoryBuildpack)?.manifest.isExtension == true }
}
