import BuildpackAPI
import Lifecycle
import OCIImage

/// A buildpack or an extension of a builder: its entry in the label of layers.
package struct BuilderModule: Sendable, Hashable {
    package var id: String
    package var version: String
    package var name: String?
    package var homepage: String?
    /// The Buildpack API that it keeps to, as it is written.
    package var api: String
    /// The stacks that it says it runs on; empty is all.
    package var stacks: [String] = []
    package var targets: [TargetRule] = []
    /// The children of a composite; empty for a component.
    package var order: [[BuildpackReference]] = []
    /// The layer that holds it; several may share one.
    package var layer: Digest?

    package init(id: String, version: String, api: String) {
        self.id = id
        self.version = version
        self.api = api
    }

    /// `id@version`, for messages.
    package var title: String { "\(id)@\(version)" }
}

/// The value of `io.buildpacks.buildpack.layers` and of `io.buildpacks.extension.layers`.
struct LayersLabel: Codable {
    var modules: [BuilderModule]

    init(_ modules: [BuilderModule]) { self.modules = modules }

    private struct Entry: Codable {
        struct Stack: Codable {
            var id: String
        }
        var api: String?
        var stacks: [Stack]?
        var targets: [TargetLabel]?
        var order: OrderLabel?
        var layerDiffID: Digest?
        var homepage: String?
        var name: String?
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        modules = []
        guard !container.decodeNil() else { return }
        for (id, versions) in try container.decode([String: [String: Entry]].self) {
            for (version, entry) in versions {
                var module = BuilderModule(id: id, version: version, api: entry.api ?? "")
                module.name = entry.name
                module.homepage = entry.homepage
                module.stacks = (entry.stacks ?? []).map(\.id)
                module.targets = (entry.targets ?? []).map(\.rule)
                module.order = entry.order?.groups ?? []
                module.layer = entry.layerDiffID
                modules.append(module)
            }
        }
        modules.sort { ($0.id, $0.version) < ($1.id, $1.version) }
    }

    func encode(to encoder: any Encoder) throws {
        var ids: [String: [String: Entry]] = [:]
        for module in modules {
            ids[module.id, default: [:]][module.version] = Entry(
                api: module.api, stacks: module.stacks.isEmpty ? nil : module.stacks.map { Entry.Stack(id: $0) },
                targets: module.targets.isEmpty ? nil : module.targets.map(TargetLabel.init),
                order: module.order.isEmpty ? nil : OrderLabel(module.order), layerDiffID: module.layer,
                homepage: module.homepage, name: module.name)
        }
        var container = encoder.singleValueContainer()
        try container.encode(ids)
    }
}

/// A target in a label.
private struct TargetLabel: Codable {
    struct Distribution: Codable {
        var name: String?
        var version: String?
    }
    var os: String?
    var arch: String?
    var variant: String?
    var distros: [Distribution]?
    /// As older versions of pack have it.
    var distributions: [Distribution]?

    init(_ rule: TargetRule) {
        os = rule.os
        arch = rule.architecture
        variant = rule.variant.isEmpty ? nil : rule.variant
        guard !rule.distributions.isEmpty else { return }
        distros = rule.distributions.map {
            Distribution(name: $0.name, version: $0.version.isEmpty ? nil : $0.version)
        }
    }

    var rule: TargetRule {
        TargetRule(
            os: os ?? "", architecture: arch ?? "", variant: variant ?? "",
            distributions: (distros ?? distributions ?? []).map {
                TargetRule.Distribution(name: $0.name ?? "", version: $0.version ?? "")
            })
    }
}
