import SystemPackage
import TestSupport

/// Pushes of a layout to a fresh docker-registry on this machine.
struct PushTools {
    /// Who pushes.
    enum Tool: String, CaseIterable {
        case mixpack, skopeo
    }

    /// Pushes once.
    static func run(_ tool: Tool, _ layout: FilePath) async throws -> LayoutTools.Outcome {
        // A registry that has the blobs already would be no work.
        try await withRegistry { registry, _ in
            let name = "\(registry.host)/bench:1"
            switch tool {
            case .mixpack: return try await LayoutTools.mixpack(["push", layout.string, name], layout: layout)
            case .skopeo:
                let end = try await TestSupport.run(
                    try findTool("skopeo"),
                    ["copy", "--dest-tls-verify=false", "oci:\(layout):bench", "docker://\(name)"],
                    within: .seconds(300)
                ).succeeded()
                return LayoutTools.Outcome(seconds: end.seconds)
            }
        }
    }
}
