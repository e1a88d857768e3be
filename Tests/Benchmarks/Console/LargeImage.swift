import SystemPackage
import TestSupport

/// An image of 100,000 files opened in the console, beside `tar -tf` over its layers.
struct LargeImage {
    let mixpack: MixpackProgram
    let folder: FilePath

    func run() async throws {
        let layout = folder.appending("large")
        let layers = try await make(layout)
        var listed: [Duration] = []
        var opened: [Duration] = []
        for _ in 0..<5 {
            listed.append(try await list(layers))
            opened.append(try await open(layout))
        }
        let mine = Timing(opened).median
        let tar = Timing(listed).median
        report(
            "console: an image of 100,000 files: from the start to all files on the screen \(mine.inMilliseconds), tar -tf \(tar.inMilliseconds)"
        )
        Goal(
            text: "\((mine / tar).hundredths) × tar -tf over its layers, to be at most 2", isReached: mine <= tar * 2
        ).tell()
    }

    /// From the start of the program to the tree of all layers together.
    private func open(_ layout: FilePath) async throws -> Duration {
        let terminal = try mixpack.startOnTerminal(["inspect", "oci:\(layout):large"], columns: 120, rows: 40)
        defer { terminal.endNow() }
        try await shown("Files of layer 1", on: terminal)
        // The cursor's last layer, its files, all layers up to it.
        terminal.send("G\rc")
        let end = try await shown("Files up to layer 4", on: terminal)
        let rows = try await shown("1 of ", on: terminal)
        terminal.send("Q")
        _ = try await terminal.end()
        return max(end, rows) - terminal.started
    }

    /// Waits for a text; the screen is drawn anew at each look, because curses sends no more of a line than changes.
    @discardableResult
    private func shown(_ text: String, on terminal: PseudoTerminal) async throws -> ContinuousClock.Instant {
        var shown: ContinuousClock.Instant?
        try await eventually(text, within: .seconds(60)) {
            shown = terminal.arrival(of: text)
            if shown == nil { terminal.send("\u{C}") }
            return shown != nil
        }
        return shown ?? .now
    }

    private func list(_ layers: [FilePath]) async throws -> Duration {
        let tar = try findTool("tar")
        let command = layers.map { "\(tar) -tf '\($0)' >/dev/null" }.joined(separator: " && ")
        return .seconds(try await TestSupport.run("/bin/sh", ["-c", command]).succeeded().seconds)
    }

    /// Writes an OCI layout of four layers, 25,000 files each, without any code of ours.
    private func make(_ layout: FilePath) async throws -> [FilePath] {
        _ = try await TestSupport.run(
            "/bin/sh", ["-eu", "-c", Self.script, "sh", layout.string], within: .seconds(300)
        ).succeeded()
        return try layout.appending("layers").readText().split(separator: "\n").map {
            layout.appending("blobs/sha256/\($0)")
        }
    }

    private static let script = #"""
        out=$1
        blobs=$out/blobs/sha256
        mkdir -p "$blobs" "$out/tree"
        blob() { sum=$(sha256sum <"$1" | cut -d' ' -f1); size=$(stat -c %s "$1"); mv "$1" "$blobs/$sum"; }
        layers=; diffs=; : >"$out/layers"
        for layer in 1 2 3 4; do
            for folder in $(seq 250); do
                mkdir -p "$out/tree/usr/lib/part_$layer/folder_$folder"
                (cd "$out/tree/usr/lib/part_$layer/folder_$folder" && echo some text | tee $(seq -f 'file_%g.beam' 100) >/dev/null)
            done
            tar -C "$out/tree" --sort=name --owner=0 --group=0 -cf "$out/layer.tar" "usr/lib/part_$layer"
            blob "$out/layer.tar"
            echo "$sum" >>"$out/layers"
            layers="$layers${layers:+,}{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\"sha256:$sum\",\"size\":$size}"
            diffs="$diffs${diffs:+,}\"sha256:$sum\""
        done
        rm -r "$out/tree"
        printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[%s]}}' "$diffs" >"$out/config"
        blob "$out/config"
        printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[%s]}' "$sum" "$size" "$layers" >"$out/manifest"
        blob "$out/manifest"
        printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"org.opencontainers.image.ref.name":"large"}}]}' "$sum" "$size" >"$out/index.json"
        printf '{"imageLayoutVersion":"1.0.0"}' >"$out/oci-layout"
        """#
}
