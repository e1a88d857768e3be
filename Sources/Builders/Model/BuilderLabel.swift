/// The names of the labels of builder images
/// ([CNB Platform specification, Builder](https://github.com/buildpacks/spec/blob/main/platform.md#builder-image)).
package enum BuilderLabel {
    package static let metadata = "io.buildpacks.builder.metadata"
    package static let order = "io.buildpacks.buildpack.order"
    package static let extensionOrder = "io.buildpacks.buildpack.order-extensions"
    package static let buildpackLayers = "io.buildpacks.buildpack.layers"
    package static let extensionLayers = "io.buildpacks.extension.layers"
    package static let system = "io.buildpacks.buildpack.system"
    package static let mixins = "io.buildpacks.stack.mixins"
    package static let stackID = "io.buildpacks.stack.id"
    package static let lifecycleVersion = "io.buildpacks.lifecycle.version"
    package static let lifecycleAPIs = "io.buildpacks.lifecycle.apis"
    package static let distributionName = "io.buildpacks.base.distro.name"
    package static let distributionVersion = "io.buildpacks.base.distro.version"
}
