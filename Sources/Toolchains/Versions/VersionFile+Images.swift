/// What files say by the image that they start from: a Dockerfile, a development container.
extension VersionFile {
    /// The arguments and base images of a Dockerfile, as people and `mix phx.gen.release --docker` write it.
    static func dockerfile(_ text: String) -> [Entry] {
        var arguments: [String: String] = [:]
        var named: [Entry] = []
        var images: [Entry] = []
        for (number, line) in lines(text) {
            if let match = line.firstMatch(of: /^\s*(?i:ARG|ENV)\s+([A-Za-z_][A-Za-z0-9_]*)=(.*)$/) {
                let (name, value) = (String(match.1), shellWord(match.2))
                if let tool = Self.tool(ofArgument: name), line.contains(/^\s*(?i:ARG)\s/) {
                    named.append(Entry(tool: tool, versions: [value], line: number))
                }
                if name == "BUILDER_IMAGE" { images += image(resolved(value, arguments), line: number) }
                arguments[name] = arguments[name] ?? value
            } else if let match = line.firstMatch(of: /^\s*(?i:FROM)\s+(?:--\S+\s+)*(\S+)/) {
                images += image(resolved(shellWord(match.1), arguments), line: number)
            }
        }
        let tools = Set(named.map(\.tool))
        return named + single(images.filter { !tools.contains($0.tool) })
    }

    /// `"image": "hexpm/elixir:1.18.3-erlang-27.3-debian-…"`; a JSON file with comments.
    static func developmentContainer(_ text: String) -> [Entry] {
        lines(text).flatMap { number, line -> [Entry] in
            guard let match = line.firstMatch(of: /^[^\/]*"image"\s*:\s*"([^"]+)"/) else { return [] }
            return image(String(match.1), line: number)
        }
    }

    /// One entry for each tool: the version, if all name the same; otherwise what was seen and is not taken.
    static func single(_ entries: [Entry]) -> [Entry] {
        var tools: [String] = []
        for entry in entries where !tools.contains(entry.tool) { tools.append(entry.tool) }
        return tools.compactMap { tool in
            let own = entries.filter { $0.tool == tool }
            guard var first = own.first else { return nil }
            let versions = own.flatMap(\.versions).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            if let unclear = own.first(where: { $0.isUnclear }) { return unclear }
            if versions.count > 1 { (first.versions, first.isUnclear) = (versions, true) }
            return first
        }
    }

    private static func tool(ofArgument name: String) -> String? {
        switch name {
        case "ELIXIR_VERSION": "elixir"
        case "OTP_VERSION", "ERLANG_VERSION": "erlang"
        default: nil
        }
    }

    /// A text with `$NAME`, `${NAME}` and `${NAME:-default}` replaced.
    private static func resolved(_ text: String, _ arguments: [String: String]) -> String {
        text.replacing(/\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|([A-Za-z_][A-Za-z0-9_]*))/) { match in
            let name = match.1 ?? match.3 ?? ""
            return arguments[String(name)] ?? match.2.map(String.init) ?? ""
        }
    }

    /// What the tag of an image of Elixir or Erlang says: `elixir:1.20.2-otp-29-slim`,
    /// `hexpm/elixir:1.18.3-erlang-27.3-debian-bookworm-20250113-slim`, `erlang:27-alpine`.
    private static func image(_ reference: String, line: Int) -> [Entry] {
        guard let name = reference.split(separator: "/").last?.split(separator: "@").first,
            let match = name.wholeMatch(of: /(elixir|erlang):v?([0-9]+(?:\.[0-9]+)*(?:-rc\.?[0-9]+)?)(-.*)?/)
        else { return [] }
        guard match.1 == "elixir" else { return [Entry(tool: "erlang", versions: [String(match.2)], line: line)] }
        let rest = match.3 ?? ""
        let major = rest.prefixMatch(of: /-otp-[0-9]+/).map { String($0.0) } ?? ""
        let elixir = Entry(tool: "elixir", versions: [match.2 + major], line: line)
        let otp = rest.prefixMatch(of: /-erlang-([0-9]+(?:\.[0-9]+)*)/)
        return [elixir] + (otp.map { [Entry(tool: "erlang", versions: [String($0.1)], line: line)] } ?? [])
    }
}
