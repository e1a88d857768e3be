import BuildpackAPI
import Diagnostics
import LayerArchive
import Lifecycle
import OCIImage

/// A builder, read from its image: what a build takes from it.
package struct BuilderImage: Sendable {
    package let image: Image
    package let labels: BuilderLabels
    /// The user and group of builds: `CNB_USER_ID` and `CNB_GROUP_ID`, which own the layers.
    package let owner: Owner
    /// The image's variables.
    package let environment: [String: String]
    /// What the builder runs on.
    package let target: BuildTarget

    /// Reads a builder.
    /// - Parameters:
    ///   - name: what a message calls the image.
    ///   - platform: what it has to be for.
    /// - Throws: `Failure`: `malformed` for an image that is not a builder, or has no user for builds; `unsupported` for one
    ///   of another platform.
    package init(_ image: Image, named name: String, for platform: Platform = .current) throws(Failure) {
        let configuration = image.configuration
        try BuildImage.check(configuration.platform, of: "the builder \(name)", for: platform)
        labels = try BuilderLabels(of: image, named: name)
        owner = try BuildImage.owner(of: configuration, named: "the builder \(name)")
        self.image = image
        environment = BuildImage.environment(of: configuration)
        target = BuildImage.target(of: configuration)
    }

    package var metadata: BuilderMetadata { labels.metadata }
    package var order: [[BuildpackReference]] { labels.order }
    package var stackID: String? { labels.stackID ?? environment["CNB_STACK_ID"] }
    package var lifecycle: LifecycleFacts { metadata.lifecycle }
    /// The run images with their mirrors: those of `images`, else the stack's; may be empty.
    package var runImages: [BuilderRunImage] { metadata.allRunImages }
    package var buildpacks: [BuilderModule] { labels.buildpacks }
    package var extensions: [BuilderModule] { labels.extensions }
}

/// The image that a builder is made on, and that builds run in: a build image has its user and its target from this.
package enum BuildImage {
    /// Refuses another operating system or processor; what an image does not say fits.
    package static func check(_ found: Platform, of name: String, for platform: Platform) throws(Failure) {
        let isFit =
            (found.os.isEmpty || found.os == platform.os)
            && (found.architecture.isEmpty || found.architecture == platform.architecture)
        guard !isFit else { return }
        throw Failure(
            .unsupported, "\(name) is for \(found), not for \(platform)",
            advice: "name an image for \(platform)")
    }

    /// The user and group of builds.
    package static func owner(of configuration: ImageConfiguration, named name: String) throws(Failure) -> Owner {
        func number(_ variable: String) throws(Failure) -> Int {
            guard let text = configuration.config.variable(variable), !text.isEmpty else {
                throw Failure(
                    .malformed, "\(name) has no \(variable)",
                    advice: "set \(variable) in the build image's environment to the id of its user for builds")
            }
            guard let number = UInt32(text) else {
                throw Failure(.malformed, "\(name) has \(variable)=\(text), which is not a number")
            }
            return Int(number)
        }
        return Owner(user: try number("CNB_USER_ID"), group: try number("CNB_GROUP_ID"))
    }

    package static func environment(of configuration: ImageConfiguration) -> [String: String] {
        var result: [String: String] = [:]
        for entry in configuration.config.environment {
            guard let sign = entry.firstIndex(of: "=") else { continue }
            result[String(entry[..<sign])] = String(entry[entry.index(after: sign)...])
        }
        return result
    }

    /// The platform and the distribution that the labels name.
    package static func target(of configuration: ImageConfiguration) -> BuildTarget {
        let labels = configuration.config.labels
        func label(_ name: String) -> String? { labels[name].flatMap { $0.isEmpty ? nil : $0 } }
        return BuildTarget(
            os: configuration.os.isEmpty ? "linux" : configuration.os,
            architecture: configuration.architecture.isEmpty
                ? BuildTarget.current.architecture : configuration.architecture,
            variant: configuration.variant.flatMap { $0.isEmpty ? nil : $0 },
            distributionName: label(BuilderLabel.distributionName),
            distributionVersion: label(BuilderLabel.distributionVersion))
    }
}
