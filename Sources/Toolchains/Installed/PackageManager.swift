import SystemPackage

/// The package manager of the machine's system, and its names for what builds need.
package struct PackageManager: Sendable {
    /// What builds need of the system.
    package enum Need: String, Sendable, CaseIterable {
        case elixir, git, rebar3, compiler, bubblewrap, npm, cargo
    }

    private enum Program: String, CaseIterable {
        case apt = "apt-get"
        case dnf, zypper, pacman, apk
    }

    private let program: Program?

    /// Looks which of them is there, on `PATH` or in the system's folders.
    package init(_ environment: [String: String], system: String = "/usr/bin:/usr/sbin:/sbin:/bin") {
        let path = "\(environment["PATH"] ?? ""):\(system)"
        program = Program.allCases.first { !SearchPath(["PATH": path]).files($0.rawValue).isEmpty }
    }

    /// The command that installs something; `nil` if the package manager is not known.
    package func command(for need: Need) -> String? {
        let names = packages(need)
        switch program {
        case nil: return nil
        // mix brings its own where the system has none.
        case _? where names.isEmpty: return "mix local.rebar --force"
        case .apt?: return "sudo apt-get install -y \(names)"
        case .dnf?: return "sudo dnf install -y \(names)"
        case .zypper?: return "sudo zypper install -y \(names)"
        case .pacman?: return "sudo pacman -S --noconfirm \(names)"
        case .apk?: return "sudo apk add \(names)"
        }
    }

    /// What to try if something is missing: `install it: COMMAND`.
    package func advice(for need: Need) -> String {
        command(for: need).map { "install it: \($0)" }
            ?? "install \(need == .compiler ? "a C compiler and make" : need.rawValue) by your system's package manager"
    }

    /// What to try if a shared library is missing.
    /// - Parameter package: the Debian package that has it, where that is known.
    package func advice(forLibrary soname: String, package: String?) -> String {
        switch program {
        case nil: "install \(soname) by your system's package manager"
        case .apt?:
            package.map { "install it: sudo apt-get install -y \($0)" }
                ?? "install the package that has it: apt-file search \(soname)"
        case .dnf?: "install it: sudo dnf install -y '\(soname)()(64bit)'"
        case .zypper?: "install it: sudo zypper install -y '\(soname)()(64bit)'"
        case .pacman?: "install the package that has it: pacman -F \(soname)"
        case .apk?: "install it: sudo apk add so:\(soname)"
        }
    }

    private func packages(_ need: Need) -> String {
        switch (need, program) {
        case (.elixir, .apt?): "elixir erlang-dev erlang-parsetools erlang-ssl erlang-inets"
        case (.elixir, .apk?): "elixir erlang erlang-dev"
        case (.elixir, _): "elixir erlang"
        case (.rebar3, .dnf?): "erlang-rebar3"
        case (.rebar3, .zypper?), (.rebar3, .apk?): ""
        case (.compiler, .apt?): "build-essential"
        case (.compiler, .pacman?): "base-devel"
        case (.compiler, .apk?): "build-base"
        case (.compiler, _): "gcc make"
        case (.git, _), (.rebar3, _), (.bubblewrap, _), (.npm, _), (.cargo, _): need.rawValue
        }
    }
}
