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

        /// The command that installs packages.
        func install(_ names: String) -> String {
            switch self {
            case .apt: "sudo apt-get install -y \(names)"
            case .dnf: "sudo dnf install -y \(names)"
            case .zypper: "sudo zypper install -y \(names)"
            case .pacman: "sudo pacman -S --noconfirm \(names)"
            case .apk: "sudo apk add \(names)"
            }
        }
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
        guard let program else { return nil }
        // mix brings its own where the system has none.
        return names.isEmpty ? "mix local.rebar --force" : program.install(names)
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

    /// What to try if programs are missing that an image is to have: `install them: COMMAND`.
    package func advice(forPrograms names: [String]) -> String {
        let isDebian = program == .apt
        let packages = Set(names.map { isDebian ? Self.debianPackages[$0] ?? $0 : $0 }).sorted().joined(separator: " ")
        let it = names.count == 1 ? "it" : "them"
        guard let command = program?.install(packages) else { return "install \(it) by your system's package manager" }
        return "install \(it): \(command)"
    }

    /// The Debian packages of programs that have other names.
    private static let debianPackages = [
        "ab": "apache2-utils", "compare": "imagemagick", "convert": "imagemagick", "dig": "dnsutils",
        "ffprobe": "ffmpeg", "gs": "ghostscript", "host": "bind9-host", "identify": "imagemagick", "ip": "iproute2",
        "magick": "imagemagick", "mysql": "default-mysql-client", "mysqldump": "default-mysql-client",
        "nc": "netcat-openbsd", "nslookup": "dnsutils", "pdfinfo": "poppler-utils", "pdftoppm": "poppler-utils",
        "pdftotext": "poppler-utils", "pg_dump": "postgresql-client", "pg_restore": "postgresql-client",
        "ping": "iputils-ping", "ps": "procps", "psql": "postgresql-client", "redis-cli": "redis-tools",
        "rsvg-convert": "librsvg2-bin", "soffice": "libreoffice", "ssh": "openssh-client", "top": "procps",
        "unrar": "unrar-free", "vips": "libvips-tools", "xz": "xz-utils",
    ]

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
