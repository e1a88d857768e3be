import TerminalUI
import Text

extension Screen {
    static let image: Screen = .init(
        number: 5, title: "Image", keys: .image, panes: [.imageLayers, .files, .facts], firstPane: .imageLayers,
        status: { $0.image.sending.map { StyledLine($0.text, .status) } ?? StyledLine() },
        progress: { state, _ in ContainerRows.elsewhere(state.run) },
        next: { state in
            state.image.contents?.manifestDigest == nil
                ? nil : Next(title: "run", action: .image(.run), isEntered: false)
        }, search: { .image(.search($0)) }
    ) { request, kind, body in
        switch kind {
        case .tooSmall: return []
        case .stacked:
            let lower: Pane = request.focus == .facts ? .facts : .files
            let rows = min(max(3, 7 + request.growth(left: [.imageLayers])), body.height - 3)
            let (layers, rest) = body.split(top: rows)
            return [(.imageLayers, layers), (lower, rest)]
        case .two:
            let (left, right) = body.split(left: 62 + request.growth(left: [.imageLayers, .facts]))
            let rows = min((request.ideals[.imageLayers] ?? 7) + 2, left.height / 2)
            let (layers, facts) = left.split(top: max(3, rows))
            return [(.imageLayers, layers), (.files, right), (.facts, facts)]
        case .three:
            let (left, facts) = body.split(right: max(40, 60 - request.growth(left: [.imageLayers, .files])))
            let rows = min((request.ideals[.imageLayers] ?? 7) + 2, left.height / 3)
            let (layers, files) = left.split(top: max(3, rows))
            return [(.imageLayers, layers), (.files, files), (.facts, facts)]
        }
    }
}

extension Pane {
    static let imageLayers: Pane = .init(
        name: "imageLayers", title: { ImageSizeText.title(of: $0.image) },
        content: ListContent(cursor: \.image.layers) { state in
            ImageRows.layers(state.image, width: (state.layout.rect(of: .imageLayers)?.width ?? state.size.width) - 4)
        },
        height: { max(1, $0.image.contents?.layers.count ?? 1) },
        enter: { _ in Enter("files", .app(.focus(.files, on: .image))) })

    static let facts: Pane = .init(
        name: "facts", title: { $0.image.facts.rawValue },
        content: TextContent(top: \ConsoleState.image.factsTop) { ImageRows.facts($0.image, width: $1) })
}

/// What the panes of the Image screen say.
enum ImageRows {
    /// The layers from the bottom up.
    static func layers(_ state: ImageState, width: Int) -> [PaneRow] {
        guard let contents = state.contents else {
            if let failure = state.failure {
                return [PaneRow(StyledLine(failure.message, .stateFailed))]
                    + (failure.advice.map { [PaneRow(StyledLine($0, .textDim))] } ?? [])
            }
            return [PaneRow(StyledLine(state.isLoading ? "opening…" : "no image yet; `b` builds one", .textDim))]
        }
        return LayerRows(state, contents, width: width).rows
    }

    /// The facts pane.
    static func facts(_ state: ImageState, width: Int) -> [StyledLine] {
        guard let contents = state.contents else { return [] }
        switch state.facts {
        case .layer:
            return layer(state.selectedLayer, of: contents, state.previous ?? state.measure?.previous, width: width)
        case .processes: return processes(contents)
        case .configuration: return configuration(contents, width: width)
        case .labels: return contents.labels.flatMap { fields([$0], width: width) }
        case .packages: return packages(state, width: width)
        case .waste: return waste(state, width: width)
        case .growth: return growth(state, width: width)
        case .builder: return builder(contents, width: width)
        }
    }

    /// What a builder says of itself: headings, and below each what belongs to it.
    private static func builder(_ contents: ImageContents, width: Int) -> [StyledLine] {
        contents.builder.flatMap { line in
            let indent = line.prefix { $0 == " " }.count
            return indent == 0
                ? [StyledLine(line, .heading)]
                : StyledLine(line).wrapped(width: max(1, width), indent: min(indent + 2, width / 3))
        }
    }

    /// The applications by where they come from: the project's own first.
    private static func packages(_ state: ImageState, width: Int) -> [StyledLine] {
        guard let packages = state.packages else { return [StyledLine("looking…", .textDim)] }
        guard !packages.isEmpty else { return TextWrap.styled("it has no applications", width: width, .textDim) }
        var origins: [String] = []
        for package in packages where !origins.contains(package.origin) { origins.append(package.origin) }
        return origins.flatMap { origin -> [StyledLine] in
            let members = packages.filter { $0.origin == origin }
            let name = min(24, members.map(\.name.columns).max() ?? 0)
            let heading = StyledLine("\(origin), \(members.count)", .heading)
            return [heading]
                + members.map { package in
                    let size = Amount.bytes(package.size)
                    var line = StyledLine(package.name.padded(to: name), .textStrong)
                    line.append(" \(package.version)", .number)
                    let room = max(0, width - line.columns - size.columns - 3)
                    line.append("  " + package.summary.truncated(to: room).padded(to: room), .textDim)
                    return line.adding(" \(size)", .number)
                }
        }
    }

    private static func growth(_ state: ImageState, width: Int) -> [StyledLine] {
        if let growth = state.growth { return GrowthRows(growth, width: width).lines }
        let text =
            state.inspectedPlace == nil ? "looking…" : "known only for builds of a project: open it with mixpack PATH"
        return TextWrap.styled(text, width: width, .textDim)
    }

    /// Dive's score and wasted bytes, what could be saved, and the paths it is in.
    private static func waste(_ state: ImageState, width: Int) -> [StyledLine] {
        guard let efficiency = state.measure?.efficiency else {
            return TextWrap.styled(
                state.measureProblem ?? "counting…", width: width,
                state.measureProblem == nil ? .textDim : .stateFailed)
        }
        var lines = fields(
            [
                .init("efficiency", Amount.decimal(efficiency.score * 100, digits: 2) + " %"),
                .init("wasted", "\(Amount.bytes(efficiency.wastedBytes)), as dive counts: every copy"),
                .init("reclaimable", "\(Amount.bytes(efficiency.reclaimableBytes)): the copies that no one can see"),
            ], width: width)
        lines.append("")
        guard !efficiency.paths.isEmpty else {
            return lines + [StyledLine("no path is in two layers", .textDim)] + DuplicateRows(state, width).lines
        }
        lines.append(StyledLine("In more than one layer", .heading))
        for path in efficiency.paths.prefix(200) {
            let size = Amount.bytes(path.bytes)
            let room = max(1, width - size.columns - 6)
            lines.append(
                StyledLine("\(path.copies)x ".padded(to: 4), .textDim).adding(
                    path.path.truncated(to: room).padded(to: room)
                ).adding(" \(size)", .number))
        }
        return lines + DuplicateRows(state, width).lines
    }

    private static func layer(
        _ layer: ImageContents.Layer?, of contents: ImageContents, _ previous: EarlierImage?, width: Int
    ) -> [StyledLine] {
        guard let layer else { return [] }
        var facts: [ImageContents.Field] = []
        if let reason = layer.reason { facts.append(.init("why", reason)) }
        let change = previous?.difference(of: layer, in: contents)
        facts.append(.init("size", Amount.bytes(layer.size) + (layer.isMeasured ? "" : ", with tar's headers")))
        if let previous, let change { facts.append(.init("change", "\(change), against \(previous.title)")) }
        if let files = layer.files { facts.append(.init("files", Amount.grouped(files))) }
        facts.append(.init("from", layer.buildpack ?? (layer.isBase ? "run image" : "lifecycle")))
        if let createdBy = layer.createdBy, layer.buildpack == nil { facts.append(.init("made by", createdBy)) }
        facts.append(.init("for", BuildRows.types(layer.types)))
        facts += digests(of: layer)
        if case .folder(let folder) = layer.source { facts.append(.init("folder", folder)) }
        return [StyledLine(contents.name(of: layer), .textStrong)]
            + fields(facts.filter { !$0.value.isEmpty }, width: width)
    }

    /// The digest of the blob, and that of the plain tar if it is another one.
    private static func digests(of layer: ImageContents.Layer) -> [ImageContents.Field] {
        var facts: [ImageContents.Field] = []
        if let digest = layer.digest { facts.append(.init("digest", digest.description)) }
        if let diffID = layer.diffID, diffID != layer.digest { facts.append(.init("diffID", diffID.description)) }
        return facts
    }

    private static func processes(_ contents: ImageContents) -> [StyledLine] {
        guard !contents.processes.isEmpty else { return [StyledLine("no process types", .textDim)] }
        return contents.processes.flatMap { process in
            [
                StyledLine(process.type, .textStrong).adding(process.isDefault ? "  default" : "", .textDim),
                StyledLine(
                    "  " + (process.command + process.arguments).map(CommandLineText.quoted).joined(separator: " "),
                    .code),
            ]
        }
    }

    private static func configuration(_ contents: ImageContents, width: Int) -> [StyledLine] {
        var facts: [ImageContents.Field] = [.init("image", contents.name)]
        if let digest = contents.manifestDigest { facts.append(.init("manifest", digest.description)) }
        if let id = contents.imageID { facts.append(.init("image ID", id.description)) }
        facts += contents.places.map { .init("place", $0) }
        facts += contents.configuration
        if !contents.requiredVariables.isEmpty {
            facts.append(.init("needs", contents.requiredVariables.joined(separator: ", ")))
        }
        return fields(facts, width: width)
    }

    private static func fields(_ fields: [ImageContents.Field], width: Int) -> [StyledLine] {
        let indent = min(12, max(4, (fields.map(\.name.columns).max() ?? 0) + 1))
        return fields.flatMap { field -> [StyledLine] in
            guard field.name.columns < 13 else {
                return [StyledLine(field.name, .textDim)]
                    + TextWrap.lines(field.value, width: max(1, width - 2)).map { StyledLine("  \($0)") }
            }
            return TextWrap.lines(field.value, width: max(1, width - indent)).enumerated().map { index, text in
                StyledLine((index == 0 ? field.name : "").padded(to: indent), .textDim).adding(text)
            }
        }
    }
}
