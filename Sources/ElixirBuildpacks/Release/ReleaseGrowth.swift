import BuildpackAPI
import Files
import MixInspection
import SystemPackage

/// Tells how large the layers have grown while mix assembles a release.
struct ReleaseGrowth {
    let release: FilePath
    let layers: ReleaseLayers
    let reporter: BuildpackReporter

    private struct Size {
        var bytes: Int64 = 0
        var files = 0
    }

    /// Tells the sizes four times a second, until the task is cancelled.
    func follow() async {
        var told: [String: Int] = [:]
        while (try? await Task.sleep(for: .milliseconds(250))) != nil {
            for (name, size) in sizes().sorted(by: { $0.key < $1.key }) where told[name] != size.files {
                told[name] = size.files
                reporter(.layerGrowing(name: name, bytes: size.bytes, files: size.files))
            }
        }
    }

    private func sizes() -> [String: Size] {
        var sizes: [String: Size] = [:]
        for name in release.names where name != "lib" {
            let layer = name.hasPrefix("erts-") ? ReleaseLayers.base : ReleaseLayers.release
            Self.add(release.appending(name), of: layer, to: &sizes)
        }
        let libraries = release.appending("lib")
        for folder in libraries.names {
            Self.add(libraries.appending(folder), of: layer(of: folder), to: &sizes)
        }
        return sizes
    }

    private func layer(of folder: String) -> String {
        AssembledRelease.Application(folder: folder).flatMap(layers.layer) ?? ReleaseLayers.release
    }

    private static func add(_ path: FilePath, of layer: String, to sizes: inout [String: Size]) {
        guard let stamp = FileStamp(of: path) else { return }
        if stamp.kind == .folder {
            for name in path.names { add(path.appending(name), of: layer, to: &sizes) }
            return
        }
        let isMoved = layer == ReleaseLayers.base && stamp.kind == .file && NativeCode.isNative(path)
        sizes[isMoved ? ReleaseLayers.native : layer, default: Size()].bytes += stamp.size
        sizes[isMoved ? ReleaseLayers.native : layer, default: Size()].files += 1
    }
}
