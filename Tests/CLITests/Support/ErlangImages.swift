import SystemPackage
import TestSupport

/// Images with an Erlang for the other processor: this machine's, with the programs of packages that a build has fetched.
struct ErlangImages {
    /// The Erlang in a folder.
    let root: FilePath
    private let layout: FilePath

    /// - Parameter bench: one on which a build for the other processor has run.
    init(in bench: Workbench) async throws {
        let folder = bench.folder.appending("erlangs")
        try folder.makeFolder()
        root = folder.appending("whole/usr/local/lib/erlang")
        layout = folder.appending("images")
        let packages = bench.mixpack.cache.appending("foreign/packages")
        _ = try await run(
            "/bin/sh", ["-c", Self.script, "sh", packages.string, OtherProcessor.name], workingDirectory: folder
        ).succeeded()
    }

    func place(_ tag: String) -> String { "oci:\(layout):\(tag)" }

    private static let script = """
        set -e
        own=$(dirname "$(dirname "$(readlink -f "$(command -v erl)")")")
        place=usr/local/lib/erlang
        mkdir -p whole/$place
        cp -a "$own/." whole/$place/
        for package in "$1"/erlang-*; do cp -a "$package/root/$own/." whole/$place/; done
        kernel=$(basename whole/$place/lib/kernel-*)
        umoci init --layout images
        layer() { tar -C "$2" -cf "$2.tar" .; umoci raw add-layer --image "images:$1" "$2.tar"; }
        base() { umoci new --image "images:$1"; umoci config --image "images:$1" --architecture "$2"; }
        # A fresh copy of an image, and a folder for what its last layer changes.
        changed() { umoci tag --image images:good "$1"; mkdir -p "$1/$place"; }
        base good "$2"
        layer good whole
        base own-processor "$(dpkg --print-architecture)"
        layer own-processor whole
        mkdir -p nothing/etc
        changed other-code
        mkdir -p other-code/$place/lib/"$kernel"/ebin
        cp whole/$place/lib/"$kernel"/ebin/erl_ddll.beam other-code/$place/lib/"$kernel"/ebin/application.beam
        layer other-code other-code
        """
}
