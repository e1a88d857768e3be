extension LinearConsole {
    /// Step 2: the release, and the image's name.
    func askForRelease(_ session: inout Session) async throws(LinearTerminal.Left) {
        terminal.say(["", "Step 2, release"])
        let releases = session.release.releases
        if releases.count > 1 {
            let choices = releases.map {
                LinearText.release($0, isDefault: $0.name == session.release.defaultRelease)
            }
            let chosen = releases.firstIndex { $0.name == session.release.chosen } ?? 0
            let index = try await terminal.choose("Which release?", choices, default: chosen)
            session.release.choose(releases[index].name)
        } else if let only = releases.first {
            terminal.say("release: \(LinearText.release(only, isDefault: false))")
        } else if let project = session.project, project.kind == .umbrella {
            terminal.say(["an umbrella needs its releases in mix.exs; put this into project:"])
            terminal.say(ReleaseRows.snippet(for: project).split(separator: "\n").map(String.init))
        }
        session.release.image = try await accepted(
            "Name of the image", default: session.release.image, for: .image)
        await keepChoices(&session)
    }

    /// Where else the image goes, its other names, its run image.
    func askForPlaces(_ session: inout Session) async throws(LinearTerminal.Left) {
        let outputs = try await accepted(
            "Also write to (oci:DIR, oci-archive:FILE, docker-archive:FILE, docker://REF; - for none)",
            default: session.release.outputs.joined(separator: " "), for: .outputs)
        session.release.outputs = words(outputs)
        let tags = try await accepted(
            "More names (- for none)", default: session.release.tags.joined(separator: " "), for: .tags)
        session.release.tags = words(tags)
        let runImage = try await accepted(
            "Run image (- for the one made from this machine)", default: session.release.runImage ?? "",
            for: .runImage)
        session.release.runImage = words(runImage).first
        session.release.usesEngine = try await terminal.confirm(
            "Load it into the container engine where one answers?", default: session.release.usesEngine)
        await keepChoices(&session)
    }

    /// Asks until the text can be taken; `-` stands for nothing.
    private func accepted(
        _ question: String, default value: String, for purpose: Prompt.Purpose
    ) async throws(LinearTerminal.Left) -> String {
        while true {
            let text = try await terminal.text(question, default: value)
            if text == "-" && purpose != .image { return "" }
            guard let problem = ReleaseState.problem(with: text, for: purpose) else { return text }
            terminal.say("not taken: \(problem)")
        }
    }

    private func words(_ text: String) -> [String] { text.split { $0 == " " || $0 == "," }.map(String.init) }
}
