import Diagnostics
import OCIImage
import Synchronization
import SystemPackage

/// What the finished image is sent to and named, and files out of it.
extension LinearConsole {
    /// Asks where to, and writes the image there; what exists there stays unless the answer is yes.
    func send(_ image: String) async throws(LinearTerminal.Left) {
        guard let target = try await target(for: image) else { return }
        guard let existing = await answer({ try await clients.image.existing(image, target) }) else { return }
        if let existing {
            switch target {
            case .place(.layoutArchive), .place(.dockerArchive): return terminal.say("\(existing); name a new file")
            case .place, .engine:
                guard try await terminal.confirm("\(existing). Replace it?", default: false) else { return }
            }
        }
        terminal.say("writing \(target)")
        let quarters = Quarters(say: terminal.say)
        let digest = await answer {
            try await clients.image.send(image, target) { done, total in quarters.take(done, of: total) }
        }
        if let digest { terminal.say("written to \(target), \(digest)") }
    }

    private func target(for image: String) async throws(LinearTerminal.Left) -> SendTarget? {
        let engines = await clients.image.engines()
        var choices = ["back"]
        let registry = (try? Reference(image)).flatMap { $0.registry == nil ? nil : $0 }
        if let registry { choices.append("push to \(registry)") }
        choices += ["push to a registry, docker://REF"] + engines.map { "load into \($0)" }
        choices += ["save as an OCI archive", "save as a Docker archive", "write to an OCI folder, oci:DIR"]
        let index = try await terminal.choose("Send \(image) to", choices, default: 1)
        let own = registry == nil ? 0 : 1
        switch index {
        case 0: return nil
        case 1 where registry != nil: return registry.map { .place(.registry($0)) }
        case own + 1: return try await place("Push to", default: "docker://\(image)")
        case own + 2..<own + 2 + engines.count: return .engine(engines[index - own - 2])
        case choices.count - 3: return .place(.layoutArchive(try await file()))
        case choices.count - 2: return .place(.dockerArchive(try await file()))
        default: return try await place("Folder, other tags in it stay", default: "oci:image")
        }
    }

    private func file() async throws(LinearTerminal.Left) -> FilePath {
        FilePath(try await terminal.text("New file", default: "image.tar"))
    }

    private func place(_ question: String, default text: String) async throws(LinearTerminal.Left) -> SendTarget? {
        let answer = try await terminal.text(question, default: text)
        do {
            return .place(try ImagePlace(answer))
        } catch {
            terminal.say("not taken: \(error)")
            return nil
        }
    }

    /// Gives the image another name; another image loses it only after a yes.
    func name(_ image: String, _ session: Session) async throws(LinearTerminal.Left) {
        terminal.say("A name or :TAG alone; {version}, {git.sha}, {git.branch} and {date} are filled in.")
        let text = try await terminal.text("Another name for \(image)", default: ":{version}")
        let path = session.path
        switch await answer({ try await clients.image.tag(image, text, path, false) }) {
        case nil: return
        case .tagged(let name)?: terminal.say("\(name.familiarName) is a name of the image now")
        case .taken(let name)?:
            let question = "\(name.familiarName) is another image now, which loses the name. Take it?"
            guard try await terminal.confirm(question, default: false),
                case .tagged(let name)? = await answer({ try await clients.image.tag(image, text, path, true) })
            else { return }
            terminal.say("\(name.familiarName) is a name of the image now")
        }
    }

    /// Writes a file or folder of the image, as a container sees it, to a new path.
    func extract(from image: ImageContents) async throws(LinearTerminal.Left) {
        let top = image.layers.compactMap { layer in
            if case .image(let index)? = layer.source { index } else { nil }
        }.max()
        guard let top else { return terminal.say("the image has no layers") }
        let path = try await terminal.text("Path in the image, such as /etc/passwd")
        let found = await answer { () -> FileLocation in
            let tree = try await clients.image.files(image.name, .image(index: top), true)
            guard let id = tree.node(following: path) else {
                throw Failure(.refused, "\(image.name) has no file \(path)")
            }
            return FileLocation(image: image.name, source: .image(index: Int(tree[id].layer)), path: tree.path(of: id))
        }
        guard let found else { return }
        let name = FilePath(path).lastComponent?.string ?? "file"
        let proposed = clients.app.savingFolder().appending(name).string
        let target = try await terminal.text("New file", default: proposed)
        await attempt { ["extracted to \(try await clients.image.extract(found, FilePath(target)))"] }
    }
}

/// Says how far a transfer is, four times at most.
private final class Quarters: Sendable {
    private let said = Mutex<Int64>(0)
    private let say: @Sendable (String) -> Void

    init(say: @escaping @Sendable (String) -> Void) { self.say = say }

    func take(_ done: Int64, of total: Int64) {
        guard total > 0 else { return }
        let quarter = min(3, done * 4 / total)
        let isNews = said.withLock { said in
            defer { said = max(said, quarter) }
            return quarter > said
        }
        if isNews { say("\(quarter * 25) % written") }
    }
}
