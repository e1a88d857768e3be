extension FileTree {
    /// Where a path leads with every link on the way followed, as in a container; `nil` where it leads nowhere.
    package func node(following path: String) -> ID? {
        var rest = Array(path.split(separator: "/").reversed())
        var current = ID.root
        var links = 0
        while let part = rest.popLast() {
            guard part != "." else { continue }
            guard part != ".." else {
                current = parent(of: current) ?? .root
                continue
            }
            guard let next = node(at: "\(self.path(of: current))/\(part)"), self[next].change != .removed else {
                return nil
            }
            guard self[next].kind == .symlink, let target = linkTarget(of: next) else {
                current = next
                continue
            }
            links += 1
            // As the kernel does: whoever needs more goes round in a circle.
            guard links <= 40 else { return nil }
            if target.hasPrefix("/") { current = .root }
            rest += target.split(separator: "/").reversed()
        }
        return current
    }
}
