import BuildpackAPI

/// An order as the labels have it: `[{"group":[{"id","version","optional"}]}]`.
struct OrderLabel: Codable {
    var groups: [[BuildpackReference]]

    init(_ groups: [[BuildpackReference]]) { self.groups = groups }

    private struct Group: Codable {
        var group: [Member]?
    }

    /// One buildpack of a group; false and absent are the same.
    struct Member: Codable {
        var id: String
        var version: String?
        var optional: Bool?
        var environments: [String]?

        enum CodingKeys: String, CodingKey {
            case id, version, optional
            case environments = "exec-env"
        }

        init(_ reference: BuildpackReference) {
            id = reference.id
            version = reference.version
            optional = reference.isOptional ? true : nil
            environments = reference.executionEnvironments
        }

        var reference: BuildpackReference {
            BuildpackReference(
                id: id, version: version.flatMap { $0.isEmpty ? nil : $0 }, isOptional: optional ?? false,
                executionEnvironments: environments)
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard !container.decodeNil() else {
            groups = []
            return
        }
        groups = try container.decode([Group].self).map { ($0.group ?? []).map(\.reference) }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(groups.map { Group(group: $0.map(Member.init)) })
    }
}

/// Buildpacks that take part in every build, before and after those of the order (Platform API 0.15).
package struct SystemBuildpacks: Sendable, Hashable {
    package var first: [BuildpackReference]
    package var last: [BuildpackReference]

    package init(first: [BuildpackReference] = [], last: [BuildpackReference] = []) {
        self.first = first
        self.last = last
    }

    package var isEmpty: Bool { first.isEmpty && last.isEmpty }
}

extension SystemBuildpacks: Codable {
    private enum CodingKeys: String, CodingKey {
        case first = "pre"
        case last = "post"
    }

    private struct Members: Codable {
        var buildpacks: [OrderLabel.Member]?
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        first = (try fields.decodeIfPresent(Members.self, forKey: .first)?.buildpacks ?? []).map(\.reference)
        last = (try fields.decodeIfPresent(Members.self, forKey: .last)?.buildpacks ?? []).map(\.reference)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(Members(buildpacks: first.map(OrderLabel.Member.init)), forKey: .first)
        try fields.encode(Members(buildpacks: last.map(OrderLabel.Member.init)), forKey: .last)
    }
}
