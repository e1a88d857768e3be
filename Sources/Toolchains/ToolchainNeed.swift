import Diagnostics

/// What a project needs and the machine lacks.
package struct ToolchainNeed: Sendable, Hashable {
    /// The Elixir that is wanted; `nil` keeps the installed one.
    package var elixir: Wish?
    /// The Erlang that is wanted; `nil` keeps the installed one.
    package var erlang: Wish?

    /// Which versions of one tool would do; the newest of them counts.
    package struct Wish: Sendable, Hashable {
        /// What must hold, all of it.
        package var requests: [RequestedVersion] = []
        /// The OTP majors that would do; `nil` is any.
        package var otpMajors: ClosedRange<Int>?
        /// The version that stays as it is and that this one must go with: Elixir's for Erlang, OTP's for Elixir.
        package var partner: String?

        package func accepts(_ version: String) -> Bool { requests.allSatisfy { $0.accepts(version) } }
    }

    /// What is wanted of one tool; `nil` keeps the installed one.
    package func wish(for tool: RequestedVersion.Tool) -> Wish? {
        switch tool {
        case .elixir: elixir
        case .erlang: erlang
        }
    }

    /// Whether both tools are wanted.
    package var isPair: Bool { elixir != nil && erlang != nil }

    /// That it is not there, in words.
    package var absence: String { "\(text) \(isPair ? "are" : "is") not installed" }

    /// What is wanted, in words with its places: `Elixir 1.18.4 (.tool-versions:1)`.
    package var text: String {
        RequestedVersion.Tool.allCases.compactMap { tool in
            wish(for: tool).map { wish in
                wish.name(of: tool) + (wish.requests.first.map { " (\($0.place))" } ?? "")
            }
        }
        .joined(separator: " and ")
    }
}

extension ToolchainNeed.Wish {
    /// What is wanted, in words: `Elixir 1.18.4`, `OTP 27`, or the tool's name if any version does.
    package func name(of tool: RequestedVersion.Tool) -> String {
        if let first = requests.first { return first.name }
        if let otpMajors { return "OTP \(otpMajors.text)" }
        return tool == .elixir ? "Elixir" : "Erlang/OTP"
    }
}

extension ClosedRange<Int> {
    fileprivate var text: String { lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound)-\(upperBound)" }
}

extension VersionRequests {
    /// What is to be had besides what is installed; `nil` where the installed toolchain is what the project asks for.
    ///
    /// With an Elixir on the machine, only versions that the project names are fetched. Where it has nothing but a
    /// requirement in mix.exs that the installed Elixir does not fulfil, that is for the user to settle.
    /// - Throws: `Failure` of the kind `versionConflict` where what is asked for contradicts itself.
    /// - Parameter isShells: whether the installed pair is what the shell starts, and so has been tried.
    package func need(installed: Toolchain?, isShells: Bool = false) throws(Failure) -> ToolchainNeed? {
        guard let installed else {
            try checkThemselves()
            let otp = pinned(.erlang).flatMap { $0.version == RequestedVersion.system ? nil : $0 }
            return ToolchainNeed(
                elixir: .init(requests: elixirWishes),
                erlang: .init(requests: otp.map { [$0] } ?? [], otpMajors: otpMajors))
        }
        let elixir = pinned(.elixir)
        let keepsElixir = elixir?.accepts(installed.elixirVersion) ?? true
        let keepsErlang =
            (pinned(.erlang)?.accepts(installed.otpVersion) ?? true)
            && (isShells && keepsElixir || accepts(installed, elixir: keepsElixir ? nil : elixir?.version))
        // Whether an installed pair runs is tried, whatever its names say.
        try checkThemselves(pair: !(keepsElixir && keepsErlang))
        if keepsElixir && keepsErlang { return nil }
        return need(installed, keepsElixir: keepsElixir, keepsErlang: keepsErlang)
    }

    private func need(_ installed: Toolchain, keepsElixir: Bool, keepsErlang: Bool) -> ToolchainNeed {
        var need = ToolchainNeed()
        let otp = pinned(.erlang)
        // A pair stays together only as far as the table knows it to.
        let isOTPFree = otp == nil && otpMajors == nil
        let goesWithInstalled = elixirMinors(elixirWishes).contains { $0.otp.contains(installed.otpMajor ?? 0) }
        let wantedMajor = otp.flatMap { OTPVersion($0.version)?.major } ?? otpMajors?.upperBound
        let elixirGoes =
            wantedMajor.flatMap { major in
                ElixirVersion(installed.elixirVersion).flatMap { KnownVersions.supports(elixir: $0, otpMajor: major) }
            } ?? true
        let newElixir = !keepsElixir || (!keepsErlang && !elixirGoes)
        let newErlang = !keepsErlang || (newElixir && isOTPFree && !goesWithInstalled)
        if newElixir {
            need.elixir = .init(requests: elixirWishes, partner: newErlang ? nil : installed.otpVersion)
        }
        if newErlang {
            need.erlang = .init(
                requests: otp.map { [$0] } ?? [], otpMajors: otpMajors,
                partner: newElixir ? nil : installed.elixirVersion)
        }
        return need
    }

    /// What an Elixir must fulfil: the version that is named, and every requirement of mix.exs.
    private var elixirWishes: [RequestedVersion] {
        let named = pinned(.elixir).flatMap { $0.version == RequestedVersion.system ? nil : $0 }
        return (named.map { [$0] } ?? []) + requirements
    }

    private var otpMajors: ClosedRange<Int>? { pinned(.elixir)?.otpMajor.map { $0...$0 } }

    /// Whether the installed OTP does for an Elixir that names the OTP that it is made for.
    /// - Parameter elixir: the version that comes in place of the installed one.
    private func accepts(_ installed: Toolchain, elixir: String?) -> Bool {
        guard let wanted = pinned(.elixir)?.otpMajor, let major = installed.otpMajor, pinned(.erlang) == nil else {
            return true
        }
        if wanted == major { return true }
        return wanted < major
            && Toolchain.goTogether(elixir: elixir ?? installed.elixirVersion, otpMajor: major) == true
    }

    private func elixirMinors(_ wishes: [RequestedVersion]) -> [KnownVersions.Pair] {
        KnownVersions.pairs.filter { pair in
            (0...20).contains { patch in wishes.allSatisfy { $0.accepts("1.\(pair.minor).\(patch)") } }
        }
    }
}
