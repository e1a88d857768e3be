/// Where toolchains, Hex and rebar3 are fetched from.
package struct DownloadSettings: Sendable, Hashable {
    /// The address of builds.hex.pm, or of a mirror of it; without a slash at the end.
    package var builds: String
    /// The address of repo.hex.pm, or of a mirror of it; `nil` where the user names none.
    package var hex: String?
    package var isOffline: Bool

    package init(builds: String = "https://builds.hex.pm", hex: String? = nil, isOffline: Bool = false) {
        self.builds = Self.trimmed(builds)
        self.hex = hex.map(Self.trimmed)
        self.isOffline = isOffline
    }

    /// The settings with what variables say over them.
    ///
    /// `MIXPACK_BUILDS_URL` and Hex's own `HEX_BUILDS_URL` name a mirror of builds.hex.pm, `HEX_MIRROR` one of
    /// repo.hex.pm; `MIXPACK_OFFLINE` and `HEX_OFFLINE` forbid the network.
    package func adding(_ variables: [String: String]) -> DownloadSettings {
        func first(_ names: String...) -> String? {
            names.lazy.compactMap { variables[$0] }.first { !$0.isEmpty }
        }
        return DownloadSettings(
            builds: first("MIXPACK_BUILDS_URL", "HEX_BUILDS_URL") ?? builds,
            hex: first("HEX_MIRROR", "HEX_MIRROR_URL", "HEX_TRUSTED_MIRROR", "HEX_TRUSTED_MIRROR_URL") ?? hex,
            isOffline: isOffline || Self.isOn(first("MIXPACK_OFFLINE", "HEX_OFFLINE")))
    }

    /// The server's name alone, for messages.
    static func host(_ url: String) -> String {
        let rest = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? url[...]
        return String(rest.split(separator: "@").last ?? rest)
    }

    private static func trimmed(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }

    private static func isOn(_ value: String?) -> Bool { value.map { !["", "0", "false"].contains($0) } ?? false }
}
