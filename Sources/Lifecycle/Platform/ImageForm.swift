import LayerArchive

/// What a platform settles about the form of an image: the paths in it, who owns what buildpacks made, and the Platform API by
/// which labels are written and the launcher runs.
package struct ImageForm: Sendable, Hashable {
    /// The Platform API of the build.
    package var platformAPI = PlatformAPI.newest
    /// The folder of the buildpacks' layers.
    package var layers = "/layers"
    /// The application's folder.
    package var application = "/workspace"
    /// The user that owns what buildpacks made.
    package var owner = Owner(user: 1000, group: 1000)

    /// The form of mixpack's own builds.
    package init() {}
}
