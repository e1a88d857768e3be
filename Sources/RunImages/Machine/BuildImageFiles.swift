import Diagnostics
import Files
import LayerArchive
import SystemPackage
import Text

/// What a build image holds, in three layers by how often they change: the system, the compilers, Erlang with Elixir.
struct BuildImageFiles {
    /// What to say if this machine cannot give one.
    static let otherWays =
        "name a build image with --build-image, or take Debian's own packages with --from debian:bookworm"

    /// The packages that each layer begins with; what they depend on comes with them.
    struct Roots: Sendable, Hashable {
        var system = [
            "bash", "bzip2", "ca-certificates", "coreutils", "curl", "dash", "findutils", "gawk", "git", "grep", "gzip",
            "libc-bin", "libc6", "mawk", "netbase", "openssh-client", "openssl", "perl-base", "rsync", "sed", "tar",
            "unzip",
            "wget", "xz-utils",
        ]
        var compilers = ["binutils", "g++", "gcc", "libc6-dev", "make", "pkg-config"]
        /// Those of Erlang are added by their names' beginning.
        var languages = ["elixir", "rebar3"]
    }

    /// One layer.
    struct Layer {
        let title: String
        let contents: LayerContents
    }

    /// All of it.
    struct Plan {
        var layers: [Layer] = []
        /// What is in them.
        var items: [String: PackageTree.Item] = [:]
        /// The paths on the disk that it follows from.
        var sources: [String] = []
        /// Packages that it should have, and that are not installed.
        var missing: [String] = []
        /// Files of /etc that stayed out because they were changed.
        var changedConfiguration: [String] = []
        /// The folders that come first on its `PATH`.
        var folders: [String] = []
        var osRelease: [UInt8] = []
    }

    var root: FilePath = "/"
    var roots = Roots()
    /// `nil` takes the Erlang and Elixir of the root's packages.
    var tools: BuildTools?

    /// Packages that install packages or users, or run the machine.
    private static let leftOut: Set<String> = [
        "adduser", "apt", "base-passwd", "cdebconf", "debconf", "dpkg", "e2fsprogs", "init-system-helpers",
        "install-info",
        "login", "login.defs", "lsb-base", "mount", "passwd", "sensible-utils", "sysvinit-utils", "ucf",
    ]
    /// Of Erlang: documentation, sources, an editor's mode, Java, and collections that bring them.
    private static let leftOutOfErlang: Set<String> = [
        "erlang-doc", "erlang-examples", "erlang-ic-java", "erlang-jinterface", "erlang-manpages", "erlang-mode",
        "erlang-nox", "erlang-src", "erlang-x11",
    ]
    /// A program's own libraries, which it cannot do without.
    private static let systemLibraries: Set<String> = ["libc6", "libgcc-s1", "libstdc++6"]

    func plan() throws(Failure) -> Plan {
        var tree = try PackageTree(root: root)
        var plan = Plan()
        plan.osRelease = (try? root.appending("etc/os-release").bytes()) ?? []
        if plan.osRelease.isEmpty { plan.osRelease = (try? root.appending("usr/lib/os-release").bytes()) ?? [] }
        plan.missing = (roots.system + roots.compilers).filter { tree.packages.package(named: $0) == nil }
        let moved = try moved(&tree)
        plan.folders = moved.tools.map { $0.home + "/bin" }.sorted()

        let essential = tree.packages.all.filter(\.isEssential).map(\.name)
        var libraries = moved.libraries.map(\.name)
        let needs = roots.system + essential + libraries
        try addLayer("the system", needs, leaving: Self.leftOut, &tree, &plan) { tree throws(Failure) in
            try tree.add("/bin/sh")
            try tree.addCertificates()
        }
        try addLayer("compilers", roots.compilers, leaving: Self.leftOut, &tree, &plan)
        let names = languages(tree.packages, without: moved.tools.map(\.kind))
        libraries = graphical(names, tree.packages)
        let title = "Erlang and Elixir"
        try addLayer(title, names, leaving: Self.leftOut.union(libraries), &tree, &plan) { tree throws(Failure) in
            tree.add(moved.items)
        }
        plan.changedConfiguration = tree.changedConfiguration.sorted()
        plan.sources += tree.added.compactMap { tree.packages.package(named: $0).flatMap(tree.packages.list)?.string }
        plan.sources.sort()
        return plan
    }

    /// The packages of the layer with Erlang and Elixir.
    private func languages(_ packages: PackageDatabase, without moved: [MovedTool.Kind]) -> [String] {
        guard !roots.languages.isEmpty else { return [] }
        let erlang = packages.all.map(\.name).filter { name in
            name.hasPrefix("erlang-") && !Self.leftOutOfErlang.contains(name)
        }
        return roots.languages.filter { $0 != "elixir" || !moved.contains(.elixir) }.filter { name in
            // rebar3 runs by the packages' Erlang.
            name != "rebar3" || !moved.contains(.erlang)
        } + (moved.contains(.erlang) ? [] : erlang)
    }

    /// What packages of Erlang need for windows and databases: their modules are there to be compiled and released against, and
    /// nothing draws while a project is built.
    private func graphical(_ names: [String], _ packages: PackageDatabase) -> [String] {
        let own = names.filter { $0.hasPrefix("erlang-wx") }.compactMap { packages.package(named: $0) }
        return own.flatMap { $0.dependencies.flatMap(\.self) }
            .filter { !$0.hasPrefix("erlang") && !Self.systemLibraries.contains($0) }
    }

    // MARK: Layers

    private func addLayer(
        _ title: String, _ names: [String], leaving leftOut: Set<String>, _ tree: inout PackageTree, _ plan: inout Plan,
        besides more: (inout PackageTree) throws(Failure) -> Void = { _ in }
    ) throws(Failure) {
        let known = tree.added
        let packages = names.compactMap { tree.packages.package(named: $0) }.filter { !leftOut.contains($0.name) }
        let closure = tree.packages.closure(of: packages, leaving: leftOut).filter { !known.contains($0.name) }
        for package in closure { try tree.add(package) }
        try more(&tree)
        tree.addDiverted()
        try tree.addAlternatives()
        let items = tree.items.filter { plan.items[$0.key] != $0.value }
        plan.items = tree.items
        plan.sources += items.compactMap { path, item in
            switch item {
            case .file(let file, _): file
            case .link: tree.disk(path)
            case .bytes: nil
            }
        }
        let layer = PackageLayer(items: items, packages: closure)
        guard !items.isEmpty else { return }
        plan.layers.append(
            Layer(title: title, contents: plan.layers.isEmpty ? layer.withUser(.builder) : layer.contents))
    }

    // MARK: Tools of no package

    private typealias Moved = (
        tools: [MovedTool], items: [String: PackageTree.Item], libraries: [PackageDatabase.Package]
    )

    /// Erlang and Elixir that no package brought.
    private func moved(_ tree: inout PackageTree) throws(Failure) -> Moved {
        var moved: Moved = ([], [:], [])
        guard let tools else { return moved }
        let all = [MovedTool(kind: .erlang, tool: tools.erlang), MovedTool(kind: .elixir, tool: tools.elixir)]
        moved.tools = all.filter { !isPackaged($0, tree.packages) }
        var libraries: Set<String> = []
        for tool in moved.tools {
            moved.items.merge(try tool.items { libraries.insert(($0.realPath ?? $0).string) }) { $1 }
        }
        for library in libraries.sorted() {
            guard let owner = tree.packages.owner(of: FilePath(library)) else {
                throw Failure(
                    .unsupported,
                    "Erlang \(tools.erlang.version) needs \(library), which no package of this machine has",
                    advice: Self.otherWays)
            }
            moved.libraries.append(owner)
        }
        for tool in moved.tools {
            for name in tool.programs where moved.items["/usr/local/bin/" + name] == nil {
                moved.items["/usr/local/bin/" + name] = .link("\(tool.home)/bin/\(name)")
            }
        }
        return moved
    }

    private func isPackaged(_ tool: MovedTool, _ packages: PackageDatabase) -> Bool {
        let program = tool.tool.root.appending("bin").appending(tool.kind == .erlang ? "erl" : "elixir")
        let place = program.realPath ?? program
        let usual = packages.package(named: tool.kind == .erlang ? "erlang-base" : "elixir")
        return usual.map { packages.files(of: $0).contains(place.string) } ?? false || packages.owner(of: place) != nil
    }
}

extension MovedTool {
    /// The programs that people start: links to them are in /usr/local/bin, for programs that set a `PATH` of their own.
    fileprivate var programs: [String] {
        switch kind {
        case .erlang: ["erl", "erlc", "escript"]
        case .elixir: ["elixir", "elixirc", "iex", "mix"]
        }
    }
}
