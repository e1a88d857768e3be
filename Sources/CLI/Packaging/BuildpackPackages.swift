import BuildpackAPI
import Diagnostics
import ElixirBuildpacks
import Files
import Glibc
import Lifecycle
import OCIImage
import RunImages
import SystemPackage

/// Writes the built-in buildpacks for other platforms.
struct BuildpackPackages {
    let wiring: Wiring

    /// The executable of the packaged buildpacks, which stands beside mixpack's own.
    static let programName = "mixpack-buildpacks"
    /// Any: kpack refuses a buildpack that names none, and pack one that names others than its builder's.
    static let stacks = ["*"]

    /// Writes them to a place.
    /// - Returns: what was written, a line each.
    func write(to place: PackagePlace) async throws -> [String] {
        switch place {
        case .folder(let folder): return try package().write(to: folder).map(\.string)
        case .image(let place):
            let (image, name) = try await image()
            let destination = try await wiring.services.destination(place, name)
            try await destination.write(image.image, from: image) { _, _ in }
            return ["\(place)  \(image.image.digest)"]
        }
    }

    /// The buildpackage, which is in the store.
    func image() async throws -> (image: HeldImage, name: Reference) {
        let name = try OwnImage.buildpacks.reference(ProgramVersion.text)
        return (try await package().image(in: wiring.store, as: name), name)
    }

    /// Refuses the files of a builder in which the program would not start.
    /// - Throws: `Failure` of code `unsupported` that names what is missing.
    func check(root: FilePath) throws {
        let program = try program()
        guard let elf = try ElfFile(at: program) else { return }
        let libraries = LibrarySearch(root: root)
        var lacking = [elf.interpreter].compactMap(\.self).filter { RootPath(root).place(of: $0) == nil }
        for soname in elf.needed {
            guard let file = libraries.find(soname, for: elf, at: program), let library = try ElfFile(at: file) else {
                lacking.append(soname)
                continue
            }
            let versions = (elf.neededVersions[soname] ?? []).subtracting(library.providedVersions)
            if let version = versions.max() { lacking.append("\(version) of \(soname)") }
        }
        guard !lacking.isEmpty else { return }
        throw Failure(
            .unsupported,
            "mixpack's own buildpacks do not run in this builder, whose files lack \(lacking.joined(separator: ", "))",
            advice: """
                use a builder with glibc and OpenSSL as new as this machine's, such as one by mixpack builder create, or the \
                builder's own buildpacks: -b from=builder
                """)
    }

    private func package() throws -> Buildpackage {
        Buildpackage(descriptors, program: try program(), stacks: Self.stacks)
    }

    /// The components, and the composite that the package is for.
    private var descriptors: [BuildpackDescriptor] {
        wiring.buildpacks.all.sorted { $0.order.count < $1.order.count }
    }

    private func program() throws -> FilePath {
        let folder = wiring.machine.executable.removingLastComponent()
        let places = [
            folder.appending(Self.programName),
            folder.removingLastComponent().appending("libexec/mixpack").appending(Self.programName),
        ]
        guard let found = places.first(where: { access($0.string, R_OK) == 0 }) else {
            throw Failure(
                .usage, "no \(Self.programName) at \(places.map(\.string).joined(separator: " or "))",
                advice: "build or install mixpack again; the program comes with it")
        }
        return found
    }
}

/// Where buildpacks are written to or read from: a folder, or a place of images.
enum PackagePlace: CustomStringConvertible {
    case folder(FilePath)
    case image(ImagePlace)

    /// Reads a place; `FILE.cnb` is an archive of an OCI layout.
    /// - Throws: `Failure` for a place of an unknown kind.
    init(_ text: String, machine: Machine) throws {
        if text.hasSuffix(".cnb"), !text.contains(":") {
            self = .image(.layoutArchive(machine.absolute(text)))
        } else if text.contains(":") {
            do {
                self = .image(try ImagePlace(text).absolute(machine))
            } catch {
                throw Failure(.usage, error.message, advice: error.advice)
            }
        } else {
            self = .folder(machine.absolute(text))
        }
    }

    var description: String {
        switch self {
        case .folder(let path): path.string
        case .image(let place): place.description
        }
    }
}
