import Diagnostics

/// The builds that a need is met with: the newest that fit it and each other.
package struct ToolchainPick: Sendable, Hashable {
    /// The build of Elixir; `nil` keeps what is there.
    package var elixir: BuildList.Build?
    /// The build of Erlang/OTP; `nil` keeps what is there.
    package var erlang: BuildList.Build?

    /// - Parameters:
    ///   - elixirs: what there is of Elixir; not looked at where the need has no Elixir in it.
    ///   - erlangs: what there is of Erlang, likewise.
    /// - Throws: `Failure` of the kind `versionConflict` that names the nearest there is.
    package init(
        _ need: ToolchainNeed, elixirs: [BuildList.Build], erlangs: [BuildList.Build]
    ) throws(Failure) {
        let otps = need.erlang.map { Self.erlangs(erlangs, $0) } ?? []
        guard let wish = need.elixir else {
            guard let erlang = otps.first else { throw Self.none(need.erlang, .erlang, erlangs) }
            self.erlang = erlang
            return
        }
        let wanted = Self.elixirs(elixirs, wish)
        if wanted.isEmpty { throw Self.none(wish, .elixir, elixirs) }
        if need.erlang == nil {
            let major = wish.partner.flatMap { OTPVersion($0)?.major } ?? 0
            guard let elixir = Self.best(wanted, for: major) else { throw Self.unpaired(wish, major, wanted) }
            self.elixir = elixir
            return
        }
        if otps.isEmpty { throw Self.none(need.erlang, .erlang, erlangs) }
        guard let pair = Self.pair(wanted, otps) else { throw Self.unpaired(wish, Self.major(otps[0]), wanted) }
        (elixir, erlang) = pair
    }

    /// The newest Elixir for which there is an OTP, and the newest such OTP.
    private static func pair(
        _ elixirs: [BuildList.Build], _ otps: [BuildList.Build]
    ) -> (BuildList.Build, BuildList.Build)? {
        for version in unique(elixirs.map(\.version)) {
            let builds = elixirs.filter { $0.version == version }
            // Made for this very OTP before made for an older one.
            for isExact in [true, false] {
                for otp in otps {
                    guard let build = best(builds, for: major(otp)) else { continue }
                    if !isExact || build.otpMajor == major(otp) { return (build, otp) }
                }
            }
        }
        return nil
    }

    /// The build of the newest version that runs on an OTP: made for it, else for one or two majors before it.
    private static func best(_ elixirs: [BuildList.Build], for major: Int) -> BuildList.Build? {
        // Elixir's table first; then what an OTP that is newer than the table has a good chance to run.
        best(elixirs, for: major) { Toolchain.goTogether(elixir: $0, otpMajor: major) != false }
            ?? best(elixirs, for: major) { KnownVersions.isOlder(elixir: $0, thanOTP: major) }
    }

    private static func best(
        _ elixirs: [BuildList.Build], for major: Int, _ isAllowed: (String) -> Bool
    ) -> BuildList.Build? {
        for version in unique(elixirs.map(\.version)) where isAllowed(version) {
            let builds = elixirs.filter { $0.version == version }
            let older = (0...2).lazy.compactMap { back in builds.first { $0.otpMajor == major - back } }.first
            if let build = older ?? builds.first(where: { $0.otpMajor == nil }) { return build }
        }
        return nil
    }

    /// Those that fit, newest first.
    private static func elixirs(_ all: [BuildList.Build], _ wish: ToolchainNeed.Wish) -> [BuildList.Build] {
        all.compactMap { build in ElixirVersion(build.version).map { (build, $0) } }
            .filter { build, version in
                wish.accepts(build.version)
                    && (version.preRelease.isEmpty || wish.requests.contains { $0.version == build.version })
            }
            .sorted { $0.1 > $1.1 }.map(\.0)
    }

    private static func erlangs(_ all: [BuildList.Build], _ wish: ToolchainNeed.Wish) -> [BuildList.Build] {
        all.compactMap { build in OTPVersion(build.version).map { (build, $0) } }
            .filter { build, version in
                wish.accepts(build.version) && (wish.otpMajors?.contains(version.major) ?? true)
                    && (version.candidate == nil || wish.requests.contains { $0.version == build.version })
                    && wish.partner.flatMap { Toolchain.goTogether(elixir: $0, otpMajor: version.major) } != false
            }
            // What is asked for by its whole name comes before what only begins with it.
            .sorted { one, other in
                let names = wish.requests.map(\.version)
                let (isOne, isOther) = (names.contains(one.0.version), names.contains(other.0.version))
                return isOne == isOther ? one.1 > other.1 : isOne
            }
            .map(\.0)
    }

    private static func major(_ otp: BuildList.Build) -> Int { OTPVersion(otp.version)?.major ?? 0 }

    private static func unique(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }

    // MARK: - What there is instead

    private static func none(
        _ wish: ToolchainNeed.Wish?, _ tool: RequestedVersion.Tool, _ all: [BuildList.Build]
    ) -> Failure {
        let request = wish?.requests.first
        let what = request.map { "\($0.name) (\($0.place))" } ?? tool.rawValue
        let near = nearest(request?.version ?? "", all)
        return Failure(
            .versionConflict, "no build of \(what)", at: request?.filePlace,
            advice: near.isEmpty
                ? "the list of builds is empty" : "the nearest: \(near.joined(separator: ", "))",
            choices: near)
    }

    private static func unpaired(_ wish: ToolchainNeed.Wish, _ major: Int, _ all: [BuildList.Build]) -> Failure {
        let request = wish.requests.first
        return Failure(
            .versionConflict, "no build of \(request?.name ?? "Elixir") for OTP \(major)",
            at: request?.filePlace,
            advice: "there are: \(all.prefix(5).map(\.name).joined(separator: ", "))",
            choices: all.prefix(5).map(\.name))
    }

    /// Those that share the longest beginning with a version, newest first; at most five.
    private static func nearest(_ version: String, _ all: [BuildList.Build]) -> [String] {
        let wanted = version.split(separator: ".")
        let ranked = all.enumerated().map { index, build in
            let parts = build.version.split(separator: ".")
            return (build.version, zip(wanted, parts).prefix { $0 == $1 }.count, OTPVersion(build.version), index)
        }
        let sorted = ranked.sorted { one, other in
            if one.1 != other.1 { return one.1 > other.1 }
            guard let left = one.2, let right = other.2 else { return one.3 < other.3 }
            return left > right
        }
        return Array(unique(sorted.map(\.0)).prefix(5))
    }
}
