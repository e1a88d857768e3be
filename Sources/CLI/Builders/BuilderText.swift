import Builders
import BuildpackAPI
import Console
import Diagnostics
import OCIImage

/// A builder in words and as JSON: what `pack builder inspect` shows.
struct BuilderText {
    let name: String
    let image: Image
    let labels: BuilderLabels

    private var metadata: BuilderMetadata { labels.metadata }
    private var variables: [String: String] { BuildImage.environment(of: image.configuration) }

    /// The builder in lines.
    var text: String {
        let head = [
            "Builder \(name)", "  digest       \(image.digest)", "  platform     \(image.configuration.platform)",
            metadata.description.isEmpty ? nil : "  description  \(metadata.description)",
            "  created by   \(createdBy)",
            "  user         \(variables["CNB_USER_ID"] ?? "none"):\(variables["CNB_GROUP_ID"] ?? "none")",
        ].compactMap { $0 }
        return
            (head + stackLines + lifecycleLines + runImageLines + moduleLines("Buildpacks", labels.buildpacks)
            + moduleLines("Extensions", labels.extensions)
            + orderLines("Detection order", labels.order, labels.buildpacks)
            + orderLines("Order of extensions", labels.extensionOrder, labels.extensions) + systemLines)
            .joined(separator: "\n")
    }

    private var createdBy: String {
        let words = [metadata.createdBy.name, metadata.createdBy.version].filter { !$0.isEmpty }
        return words.isEmpty ? "unknown" : words.joined(separator: " ")
    }

    private var stackLines: [String] {
        guard labels.stackID != nil || !labels.mixins.isEmpty else { return [] }
        return ["Stack", "  id      \(labels.stackID ?? "none")"]
            + (labels.mixins.isEmpty ? [] : ["  mixins  \(labels.mixins.joined(separator: ", "))"])
    }

    private var lifecycleLines: [String] {
        let facts = metadata.lifecycle
        func line(_ name: String, _ apis: LifecycleFacts.SupportedAPIs) -> String {
            let deprecated = apis.deprecated.isEmpty ? "" : " (deprecated: \(apis.deprecated.joined(separator: ", ")))"
            let supported = apis.supported.isEmpty ? "none named" : apis.supported.joined(separator: ", ")
            return "  \(name.padding(to: 14)) \(supported)\(deprecated)"
        }
        return [
            "Lifecycle", "  version        \(facts.version.isEmpty ? "unknown" : facts.version)",
            line("Buildpack APIs", facts.buildpackAPIs), line("Platform APIs", facts.platformAPIs),
        ]
    }

    private var runImageLines: [String] {
        let images = metadata.allRunImages
        return ["Run images"]
            + (images.isEmpty
                ? ["  none"] : images.flatMap { ["  \($0.image)"] + $0.mirrors.map { "  \($0) (mirror)" } })
    }

    private func moduleLines(_ title: String, _ modules: [BuilderModule]) -> [String] {
        guard !modules.isEmpty else { return title == "Buildpacks" ? [title, "  none"] : [] }
        let names = (modules.map(\.id.count).max() ?? 0, modules.map(\.version.count).max() ?? 0)
        return [title]
            + modules.map { module in
                let rest = [module.name, module.homepage].compactMap { $0 }.joined(separator: "  ")
                let line =
                    "  \(module.id.padding(to: names.0))  \(module.version.padding(to: names.1))  API \(module.api)"
                return rest.isEmpty ? line : "\(line)  \(rest)"
            }
    }

    private var systemLines: [String] {
        guard !labels.system.isEmpty else { return [] }
        let first = labels.system.first.map { "  before  \(Self.title($0, nil))" }
        return ["System buildpacks"] + first + labels.system.last.map { "  after   \(Self.title($0, nil))" }
    }

    // MARK: Order

    private func orderLines(
        _ title: String, _ order: [[BuildpackReference]], _ modules: [BuilderModule]
    ) -> [String] {
        guard !order.isEmpty else { return title == "Detection order" ? [title, "  none"] : [] }
        return [title] + groupLines(order, modules, before: " ", path: [])
    }

    private func groupLines(
        _ groups: [[BuildpackReference]], _ modules: [BuilderModule], before: String, path: [String]
    ) -> [String] {
        groups.enumerated().flatMap { number, group in
            let isLast = number == groups.count - 1
            let below = before + (isLast ? "   " : "│  ")
            let head = "\(before)\(isLast ? "└" : "├") Group #\(number + 1):"
            return [head]
                + group.enumerated().flatMap { place, reference in
                    memberLines(reference, modules, isLast: place == group.count - 1, before: below, path: path)
                }
        }
    }

    private func memberLines(
        _ reference: BuildpackReference, _ modules: [BuilderModule], isLast: Bool, before: String, path: [String]
    ) -> [String] {
        let module = Self.module(reference, modules)
        let title = Self.title(reference, module)
        let isRound = path.contains(title)
        let head = "\(before)\(isLast ? "└" : "├") \(title)" + (isRound ? " (contains itself)" : "")
        guard let module, !module.order.isEmpty, !isRound else { return [head] }
        return [head]
            + groupLines(module.order, modules, before: before + (isLast ? "   " : "│  "), path: path + [title])
    }

    private static func module(_ reference: BuildpackReference, _ modules: [BuilderModule]) -> BuilderModule? {
        modules.first { $0.id == reference.id && (reference.version == nil || $0.version == reference.version) }
    }

    private static func title(_ reference: BuildpackReference, _ module: BuilderModule?) -> String {
        let version = reference.version ?? module?.version
        return reference.id + (version.map { "@\($0)" } ?? "") + (reference.isOptional ? " (optional)" : "")
    }

    // MARK: JSON

    /// The builder as JSON, keys sorted.
    func json() throws -> String { try Document(self).json() }

    private struct Document: Encodable {
        struct Stack: Encodable {
            var id: String?
            var mixins: [String]
        }
        struct Module: Encodable {
            var id: String
            var version: String
            var api: String
            var name: String?
            var homepage: String?
            var layer: Digest?
        }
        struct Group: Encodable {
            var group: [Member]
        }
        struct Member: Encodable {
            var id: String
            var version: String?
            var optional: Bool
            var order: [Group]?
        }

        var name: String
        var digest: Digest
        var platform: String
        var description: String
        var createdBy: BuilderMetadata.Creator
        var stack: Stack
        var lifecycle: LifecycleFacts
        var runImages: [BuilderRunImage]
        var buildpacks: [Module]
        var extensions: [Module]
        var order: [Group]
        var extensionOrder: [Group]
        var system: SystemBuildpacks

        init(_ text: BuilderText) {
            let labels = text.labels
            name = text.name
            digest = text.image.digest
            platform = text.image.configuration.platform.description
            description = labels.metadata.description
            createdBy = labels.metadata.createdBy
            stack = Stack(id: labels.stackID, mixins: labels.mixins)
            lifecycle = labels.metadata.lifecycle
            runImages = labels.metadata.allRunImages
            buildpacks = labels.buildpacks.map(Self.module)
            extensions = labels.extensions.map(Self.module)
            order = Self.groups(labels.order, labels.buildpacks, path: [])
            extensionOrder = Self.groups(labels.extensionOrder, labels.extensions, path: [])
            system = labels.system
        }

        private static func module(_ module: BuilderModule) -> Module {
            Module(
                id: module.id, version: module.version, api: module.api, name: module.name,
                homepage: module.homepage, layer: module.layer)
        }

        private static func groups(
            _ order: [[BuildpackReference]], _ modules: [BuilderModule], path: [String]
        ) -> [Group] {
            order.map { group in Group(group: group.map { member($0, modules, path: path) }) }
        }

        private static func member(
            _ reference: BuildpackReference, _ modules: [BuilderModule], path: [String]
        ) -> Member {
            let module = BuilderText.module(reference, modules)
            var member = Member(
                id: reference.id, version: reference.version ?? module?.version, optional: reference.isOptional)
            if let module, !module.order.isEmpty, !path.contains(module.title) {
                member.order = groups(module.order, modules, path: path + [module.title])
            }
            return member
        }
    }
}

extension Wiring {
    /// What a builder says of itself, by its manifest, configuration and labels alone; `nil` for one that is not on this machine,
    /// unless its registry may be asked.
    /// - Throws: `Failure` where there is no builder.
    func builderSummary(_ name: String, asksRegistry: Bool) async throws -> BuilderSummary? {
        let place = await located(try NamedImage.place(name).absolute(machine)) { _ in }
        if place.isRegistry, !asksRegistry { return nil }
        guard let image = try await existing(place)?.image else {
            throw Failure(.notFound, "no builder at \(place): there is no such image")
        }
        let builder = try BuilderImage(image, named: name)
        let distribution = [builder.target.distributionName, builder.target.distributionVersion].compactMap { $0 }
        let run = builder.runImages.first
        return BuilderSummary(
            place: place.description, digest: image.digest,
            stack: builder.stackID ?? (distribution.isEmpty ? nil : distribution.joined(separator: " ")),
            order: builder.order.map { group in
                group.map { $0.id + ($0.version.map { "@\($0)" } ?? "") + ($0.isOptional ? " (optional)" : "") }
            },
            runImages: run.map { [$0.image] + $0.mirrors } ?? [])
    }
}
