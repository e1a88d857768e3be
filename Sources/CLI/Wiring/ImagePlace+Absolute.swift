import OCIImage

extension ImagePlace {
    /// The place with its path taken from the machine's current folder where it is relative.
    func absolute(_ machine: Machine) -> ImagePlace {
        switch self {
        case .layout(let path, let tag): .layout(machine.absolute(path.string), tag: tag)
        case .layoutArchive(let path): .layoutArchive(machine.absolute(path.string))
        case .dockerArchive(let path): .dockerArchive(machine.absolute(path.string))
        case .engine, .registry, .store: self
        }
    }
}
