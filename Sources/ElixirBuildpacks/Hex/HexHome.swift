import BuildpackAPI
import Commands
import Diagnostics
import Files
import MixInspection
import SystemPackage

/// A home folder of Hex's for one fetch, in memory: the keys in it are gone when the command ends.
///
/// In the sandbox it is the sandbox's own memory. Without one it is a private folder of the machine's memory.
struct HexHome {
    private static let seen: FilePath = "/mixpack/hex"

    let access: HexAccess
    let places: MixPlaces
    var memory: FilePath = "/dev/shm"

    private var kept: FilePath { places.home.appending(".hex") }
    private var packages: FilePath { kept.appending("packages") }

    /// Gives the room of a command such a home, while `work` runs.
    /// - Throws: what `work` throws; `Failure` of code `unwritable` if the machine has no folder in memory.
    func filled<Result>(
        _ room: CommandRoom, _ work: (CommandRoom, _ tasks: FilePath?) async throws -> Result
    ) async throws -> Result {
        guard !access.isEmpty else { return try await work(room, nil) }
        let script = "mixpack_hex_home.exs"
        try places.home.appending(script).replace(with: PackageResources.mixpack_hex_home_exs)
        try packages.removeLinks(below: places.home)
        try packages.makeFolders()
        var room = room
        room.secrets["MIXPACK_HEX_CONFIG"] = access.text
        room.variables["MIXPACK_HEX_KEPT"] = places.homeSeen.appending(".hex").string
        let tasks = places.homeSeen.appending(script)
        guard !places.isSandboxed else {
            room.variables["HEX_HOME"] = Self.seen.string
            room.memory.append(Self.seen)
            room.binds.append(Sandbox.Bind(packages, at: Self.seen.appending("packages"), isWritable: true))
            return try await work(room, tasks)
        }
        let folder = try HeldFolder(in: memory, prefix: SharedMemory.prefix)
        defer { folder.remove() }
        try folder.path.appending("packages").makeLink(to: packages.string)
        room.variables["HEX_HOME"] = folder.path.string
        return try await work(room, tasks)
    }
}
