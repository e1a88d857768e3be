import TerminalUI

/// What the panes of the Image screen say.
enum ImageRows {
    /// The layers from the bottom up.
    static func layers(_ state: ImageState) -> [PaneRow] {
        guard let contents = state.contents else {
            if let failure = state.failure {
                return [PaneRow(StyledLine(failure.message, .stateFailed))]
                    + (failure.advice.map { [PaneRow(StyledLine($0, .textDim))] } ?? [])
            }
            return [PaneRow(StyledLine(state.isLoading ? "opening…" : "no image yet; `b` builds one", .textDim))]
        }
        let width = min(18, contents.layers.map(\.name.columns).max() ?? 0)
        return contents.layers.map { row(of: $0, width: width) }
    }

    private static func row(of layer: ImageContents.Layer, width: Int) -> PaneRow {
        let (mark, word, role): (String, String, Role) =
            switch layer.isReused {
            case true?: ("=", "reused", .diffUnchanged)
            case false?: ("+", "new", .diffAdded)
            case nil: (" ", "", .textDim)
            }
        var line = StyledLine("\(mark) ", role).adding(
            layer.name.padded(to: width), layer.isBase ? .textDim : .textStrong)
        if !word.isEmpty { line.append(" \(word.padded(to: 6))", role) }
        if let buildpack = layer.buildpack { line.append(" \(BuildRows.shortName(buildpack))", .textDim) }
        let types = BuildRows.types(layer.types)
        if !types.isEmpty { line.append(" \(types)", .textDim) }
        return PaneRow(line, trailing: StyledLine(ByteCount.text(layer.size), .number))
    }

    /// The facts pane.
    static func facts(_ state: ImageState, width: Int) -> [StyledLine] {
        guard let contents = state.contents else { return [] }
        switch state.facts {
        case .layer: return layer(state.selectedLayer, width: width)
        case .processes: return processes(contents)
        case .configuration: return configuration(contents, width: width)
        case .labels: return contents.labels.flatMap { fields([$0], width: width) }
        }
    }

    private static func layer(_ layer: ImageContents.Layer?, width: Int) -> [StyledLine] {
        guard let layer else { return [] }
        var facts: [ImageContents.Field] = [
            .init("buildpack", layer.buildpack ?? (layer.isBase ? "run image" : "lifecycle"))
        ]
        facts.append(.init("for", BuildRows.types(layer.types)))
        facts.append(.init("size", ByteCount.text(layer.size)))
        if let files = layer.files { facts.append(.init("files", Decimals.grouped(files))) }
        if let digest = layer.digest { facts.append(.init("digest", digest.description)) }
        if let diffID = layer.diffID { facts.append(.init("diffID", diffID.description)) }
        if let reason = layer.reason { facts.append(.init("why", reason)) }
        if case .folder(let folder) = layer.source { facts.append(.init("folder", folder)) }
        return [StyledLine(layer.name, .textStrong)] + fields(facts.filter { !$0.value.isEmpty }, width: width)
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
        facts += contents.places.map { .init("stands at", $0) }
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
