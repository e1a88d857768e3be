extension LinearConsole {
    /// Step 2: the release, and the image's name.
    func askForRelease(_ session: inout Session) async throws(LinearTerminal.Left) {
        terminal.sayLines(["", "Step 2, release"])
        let releases = session.release.releases
        if releases.count > 1 {
            let choices = releases.map {
                LinearText.release($0, isDefault: $0.name == session.release.defaultRelease)
            }
            let chosen = releases.firstIndex { $0.name == session.release.chosen } ?? 0
            let index = try await terminal.choose("Which release?", choices, default: chosen)
            session.release.chosen = releases[index].name
        } else if let only = releases.first {
            terminal.say("release: \(LinearText.release(only, isDefault: false))")
        } else if let project = session.project, project.kind == .umbrella {
            terminal.sayLines(["an umbrella needs its releases in mix.exs; put this into project:"])
            terminal.sayLines(ReleaseRows.snippet(for: project).split(separator: "\n").map(String.init))
        }
        try await askForImage(&session)
        await keepChoices(&session)
    }

    func askForImage(_ session: inout Session) async throws(LinearTerminal.Left) {
        try await ask(for: .image, "Name of the image", &session)
    }

    /// Where else the image goes, its other names, its run image.
    func askForPlaces(_ session: inout Session) async throws(LinearTerminal.Left) {
        let places = "oci:DIR, oci-archive:FILE, docker-archive:FILE, docker://REF; - for none"
        try await ask(for: .outputs, "Also write to (\(places))", &session)
        try await ask(for: .tags, "Extra tags (- for none)", &session)
        try await ask(for: .runImage, "Run image (- for the one made from this machine)", &session)
        if session.release.fields.contains(.publishedRunImages) {
            try await ask(
                for: .publishedRunImages, "Push the run image to, for others to rebase on (- for nowhere)", &session)
        }
        try await ask(for: .runPrograms, "Programs of this machine in it, such as curl (- for none)", &session)
        session.release.usesEngine = try await terminal.confirm(
            "Load it into the container engine where one answers?", default: session.release.usesEngine)
        await keepChoices(&session)
    }

    /// Asks until the text can be taken; `-` stands for nothing.
    private func ask(
        for field: ReleaseState.Field, _ question: String, _ session: inout Session
    ) async throws(LinearTerminal.Left) {
        while true {
            let text = try await terminal.text(question, default: session.release.text(of: field))
            let isNothing = text == "-" && field != .image
            guard !isNothing, let problem = field.problem(with: text) else {
                return session.release.setText(isNothing ? "" : text, of: field)
            }
            terminal.say("not taken: \(problem)")
        }
    }
}
