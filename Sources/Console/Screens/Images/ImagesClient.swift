import Diagnostics
import Lifecycle
import OCIImage

/// What the Images screen asks of the world.
package struct ImagesClient: Sendable {
    /// The images and caches of this machine, as they are now.
    package var holdings: @Sendable () async throws -> Holdings = { throw noStore }
    /// Removes what a plan names.
    package var carryOut: @Sendable (PrunePlan) async throws -> Pruning.Outcome = { _ in throw noStore }
    /// Gives an image another name; `replaces` takes the name away from another image.
    package var tag: @Sendable (_ image: Reference, _ name: Reference, _ replaces: Bool) async throws -> Void = {
        _, _, _ in throw noStore
    }
    /// What is wrong with an image, a line for each file.
    package var verify: @Sendable (Reference) async throws -> [String] = { _ in throw noStore }

    /// Creates a client that has nothing to offer.
    package init() {}

    private static let noStore = Failure(.refused, "no image store")
}
