import Diagnostics
import Lifecycle
import OCIImage
import SystemPackage
import TerminalUI
import Text

/// What the finished image is sent to, named and copied as: the questions, and what comes of them.
extension ImageScreen {
    /// What is being written, and how far it is.
    struct Sending: Sendable, Equatable {
        var target: SendTarget
        var done: Int64 = 0
        var total: Int64 = 0

        var text: String {
            total > 0 ? "\(done * 100 / total) % of \(Amount.bytes(total)) to \(target)" : "writing \(target)"
        }
    }

    enum SendMessage: Sendable {
        case enginesKnown([String])
        case askForArchive(isDocker: Bool), askForFolder, askForRegistry
        case check(SendTarget)
        /// Something else is there: ask whether it may go.
        case taken(SendTarget, String)
        case start(SendTarget)
        case progress(done: Int64, total: Int64)
        case sent(SendTarget, Digest)
        case failed(Failure)
        case askForName
        case name(String, replaces: Bool)
        case named(TagResult, text: String)
        case copyRunCommand
    }

    func receive(_ message: SendMessage, _ state: inout ImageState, project: FilePath) -> Outcome {
        guard let image = state.contents?.name else { return .none }
        switch message {
        case .enginesKnown(let engines): return askWhere(image, engines)
        case .askForArchive(let isDocker):
            return askForFile(isDocker ? "docker-archive" : "oci-archive") {
                .place(isDocker ? .dockerArchive($0) : .layoutArchive($0))
            }
        case .askForFolder: return askForPlace("OCI folder", "oci:", "oci:DIR[:TAG]; other tags in it stay")
        case .askForRegistry: return askForPlace("Push to", "docker://\(image)", "docker://REGISTRY/NAME:TAG")
        case .check(let target):
            return .ask(id: "send", { try await client.existing(image, target) }) { existing in
                let next: SendMessage = existing.map { .taken(target, $0) } ?? .start(target)
                return .image(.send(next))
            }
        case .taken(.place(.layoutArchive), let what), .taken(.place(.dockerArchive), let what):
            return .problem("\(what); name a new file")
        case .taken(let target, let what):
            return .confirm("Replace it?", [what + "."], yes: .image(.send(.start(target))))
        case .start(let target): return start(target, image, &state)
        case .progress(let done, let total):
            state.sending?.done = done
            state.sending?.total = total
        case .sent(let target, let digest):
            state.sending = nil
            if case .place(.registry(let name)) = target { state.pushed = "\(name.fullRepository)@\(digest)" }
            return .send(.app(.say("written to \(target)")), .app(.announce("written to \(target)")))
        case .failed(let failure):
            state.sending = nil
            return .problem("\(failure)")
        case .askForName: return askForName(image)
        case .name(let text, let replaces):
            return .ask(id: "tag", { try await client.tag(image, text, project, replaces) }) {
                .image(.send(.named($0, text: text)))
            }
        case .named(.tagged(let name), _): return .say("\(name.familiarName) is a name of the image now")
        case .named(.taken(let name), let text):
            return .confirm(
                "Take the name?", ["\(name.familiarName) is another image now, which loses the name."],
                yes: .image(.send(.name(text, replaces: true))))
        case .copyRunCommand: return copyRunCommand(state)
        }
        return .none
    }

    /// Asks what to do with the image: push, save, load.
    func askWhereToSend(_ state: ImageState) -> Outcome {
        guard state.sending == nil else { return .say("the image is being written") }
        return .ask(id: "engines", { await client.engines() }) { .image(.send(.enginesKnown($0))) }
    }

    private func askWhere(_ image: String, _ engines: [String]) -> Outcome {
        var items: [Picker.Item] = []
        if let name = try? Reference(image), name.registry != nil {
            items.append(
                .init(text: "push to \(name)", chosen: .image(.send(.check(.place(.registry(name)))))))
        }
        items.append(.init(text: "push to a registry…", detail: "docker://REF", chosen: .image(.send(.askForRegistry))))
        items += engines.map {
            .init(text: "load into \($0)", chosen: .image(.send(.check(.engine($0)))))
        }
        items += [
            .init(text: "save as an OCI archive…", chosen: .image(.send(.askForArchive(isDocker: false)))),
            .init(
                text: "save as a Docker archive…", detail: "docker load",
                chosen: .image(.send(.askForArchive(isDocker: true)))),
            .init(text: "write to an OCI folder…", detail: "oci:DIR", chosen: .image(.send(.askForFolder))),
        ]
        return .pick("Send \(image) to", lines: ["What exists there stays unless you say otherwise.", ""], items)
    }

    private func askForFile(_ kind: String, _ target: @escaping @Sendable (FilePath) -> SendTarget) -> Outcome {
        var prompt = Prompt("Save to", text: "image.tar", help: "a new file, as \(kind); nothing is written over") {
            .image(.send(.check(target(FilePath($0)))))
        }
        prompt.check = { $0.isEmpty ? "name a file" : nil }
        return .prompt(prompt)
    }

    private func askForPlace(_ title: String, _ text: String, _ help: String) -> Outcome {
        var prompt = Prompt(title, text: text, help: help) { text in
            guard let place = try? ImagePlace(text) else { return .app(.problem("not an image place: \(text)")) }
            return .image(.send(.check(.place(place))))
        }
        prompt.check = { text in
            do throws(Failure) {
                _ = try ImagePlace(text)
                return nil
            } catch {
                return error.message
            }
        }
        return .prompt(prompt)
    }

    private func start(_ target: SendTarget, _ image: String, _ state: inout ImageState) -> Outcome {
        state.sending = Sending(target: target)
        return .run(id: "send") { send in
            do {
                let digest = try await client.send(image, target) { done, total in
                    send(.image(.send(.progress(done: done, total: total))))
                }
                send(.image(.send(.sent(target, digest))))
            } catch {
                send(.image(.send(.failed(Failure(error, or: .refused)))))
            }
        }
    }

    // MARK: Names and texts

    private func askForName(_ image: String) -> Outcome {
        let help = "a name or :TAG alone; {version}, {git.sha}, {git.branch} and {date} are filled in"
        var prompt = Prompt("Another name for \(image)", text: ":{version}", help: help) {
            .image(.send(.name($0, replaces: false)))
        }
        prompt.check = { text in
            do throws(Failure) {
                _ = try NameTemplate(text)
                return nil
            } catch {
                return error.message
            }
        }
        return .prompt(prompt)
    }

    /// Asks which text about the image is copied.
    func askWhatToCopy(_ state: ImageState) -> Outcome {
        guard let contents = state.contents, let digest = contents.manifestDigest else { return .none }
        let pull = state.pushed ?? (try? Reference(contents.name))?.fullName ?? contents.name
        return .pick(
            "Copy",
            [
                .init(text: "the digest", detail: digest.short, chosen: .app(.copy(digest.description))),
                .init(text: "the command that runs it", chosen: .image(.send(.copyRunCommand))),
                .init(
                    text: "the reference to pull it by",
                    detail: state.pushed == nil ? "by tag: not pushed yet" : "by digest",
                    chosen: .app(.copy(pull))),
            ])
    }

    private func copyRunCommand(_ state: ImageState) -> Outcome {
        guard let contents = state.contents else { return .none }
        return .ask({ try await containers.runCommand(contents.name, contents.ports, contents.requiredVariables) }) {
            .app(.copy($0.map(CommandLineText.quoted).joined(separator: " ")))
        }
    }
}
