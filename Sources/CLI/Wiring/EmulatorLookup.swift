import Commands
import Diagnostics
import OCIImage
import RunImages

/// Finds what runs another processor's programs here: qemu-user, which the user has installed.
struct EmulatorLookup {
    /// Folders that are searched before those of the system, as in PATH.
    let path: String?
    /// The system's own folders.
    var system = ProgramLookup.systemPath

    /// The emulator for a platform.
    /// - Throws: `Failure` that says what to install.
    func emulator(for platform: Platform) throws(Failure) -> ProgramEmulator {
        guard let architecture = DebianArchitecture(platform) else {
            throw Failure(.unsupported, "mixpack knows no emulator for \(platform)")
        }
        let processor = architecture.processor
        let lookup = ProgramLookup(searchPath: (path.map { $0 + ":" } ?? "") + system)
        for name in ["qemu-\(processor)-static", "qemu-\(processor)"] {
            guard let program = lookup.find(.init(name)), let real = program.realPath,
                let elf = try ElfFile(at: real), elf.interpreter == nil
            else { continue }
            return ProgramEmulator(real, machine: architecture.machine)
        }
        throw Failure(
            .notFound, "no statically linked qemu-\(processor) is installed, which runs programs for \(platform)",
            advice: "install it: sudo apt-get install -y qemu-user-static")
    }
}
