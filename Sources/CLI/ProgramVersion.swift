/// The version of mixpack: of the program, and of the buildpacks in it.
enum ProgramVersion {
    static let text = "0.1.0"
}
