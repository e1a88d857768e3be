/// A version as people and version managers write it: `1.18.4-otp-27`, `v1.18`, `ref:OTP-27.3`, `latest`.
enum VersionWord {
    /// What a word asks for; `nil` where that is no release that could be had, such as a branch.
    static func request(
        _ tool: RequestedVersion.Tool, _ word: String, source: String, line: Int?
    ) -> RequestedVersion? {
        if word == RequestedVersion.system || word == "installed" {
            return RequestedVersion(tool, RequestedVersion.system, source: source, line: line)
        }
        let bare = withoutPrefix(word)
        switch tool {
        case .elixir: return elixir(bare, source: source, line: line)
        case .erlang: return erlang(bare, source: source, line: line)
        }
    }

    private static func elixir(_ word: Substring, source: String, line: Int?) -> RequestedVersion? {
        if word == "latest" {
            return RequestedVersion(.elixir, ">= 1.0.0", isRequirement: true, source: source, line: line)
        }
        guard let match = word.wholeMatch(of: /([0-9]+(?:\.[0-9]+){0,2}(?:-[0-9A-Za-z.]+?)?)(?:-otp-([0-9]+))?/) else {
            return nil
        }
        let version = String(match.1)
        // A pre-release belongs to a whole version only.
        if version.contains("-"), ElixirVersion(version) == nil { return nil }
        return RequestedVersion(
            .elixir, version, otpMajor: match.2.flatMap { Int($0) }, source: source, line: line)
    }

    private static func erlang(_ word: Substring, source: String, line: Int?) -> RequestedVersion? {
        guard OTPVersion(word) != nil else { return nil }
        return RequestedVersion(.erlang, String(word), source: source, line: line)
    }

    private static func withoutPrefix(_ word: String) -> Substring {
        var word = word[...]
        for prefix in ["ref:", "prefix:", "tag:"] where word.hasPrefix(prefix) { word = word.dropFirst(prefix.count) }
        if word.hasPrefix("OTP-") { return word.dropFirst(4) }
        return word.hasPrefix("v") ? word.dropFirst() : word
    }
}
