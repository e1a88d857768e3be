import Lifecycle

/// What a builder, a lifecycle image or a lifecycle's release says about the lifecycle in it.
package struct LifecycleFacts: Sendable, Hashable {
    package var version = ""
    package var buildpackAPIs = SupportedAPIs()
    package var platformAPIs = SupportedAPIs()
    /// The one Buildpack API of readers from before lists.
    package var buildpackAPI: String?
    /// The one Platform API of readers from before lists.
    package var platformAPI: String?

    package init() {}

    /// The APIs of one kind, as they are written.
    package struct SupportedAPIs: Sendable, Hashable, Codable {
        package var deprecated: [String]
        package var supported: [String]

        package init(deprecated: [String] = [], supported: [String] = []) {
            self.deprecated = deprecated
            self.supported = supported
        }

        package init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            deprecated = try fields.decodeIfPresent([String].self, forKey: .deprecated) ?? []
            supported = try fields.decodeIfPresent([String].self, forKey: .supported) ?? []
        }

        /// Whether an API is among them, deprecated or not.
        package func contains(_ api: APIVersion) -> Bool { (deprecated + supported).contains { APIVersion($0) == api } }
    }

    /// The value of the label `io.buildpacks.lifecycle.apis`.
    package struct APIs: Sendable, Hashable, Codable {
        package var buildpack: SupportedAPIs
        package var platform: SupportedAPIs

        package init(buildpack: SupportedAPIs, platform: SupportedAPIs) {
            self.buildpack = buildpack
            self.platform = platform
        }

        package init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            buildpack = try fields.decodeIfPresent(SupportedAPIs.self, forKey: .buildpack) ?? SupportedAPIs()
            platform = try fields.decodeIfPresent(SupportedAPIs.self, forKey: .platform) ?? SupportedAPIs()
        }
    }

    package var apis: APIs {
        get { APIs(buildpack: buildpackAPIs, platform: platformAPIs) }
        set { (buildpackAPIs, platformAPIs) = (newValue.buildpack, newValue.platform) }
    }
}

extension LifecycleFacts: Codable {
    private enum CodingKeys: String, CodingKey { case version, api, apis }

    private struct OneAPI: Codable {
        var buildpack: String?
        var platform: String?
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        version = try fields.decodeIfPresent(String.self, forKey: .version) ?? ""
        let one = try fields.decodeIfPresent(OneAPI.self, forKey: .api)
        (buildpackAPI, platformAPI) = (one?.buildpack, one?.platform)
        if let apis = try fields.decodeIfPresent(APIs.self, forKey: .apis) { self.apis = apis }
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(version, forKey: .version)
        try fields.encode(
            OneAPI(
                buildpack: buildpackAPI ?? buildpackAPIs.supported.first,
                platform: platformAPI ?? platformAPIs.supported.first), forKey: .api)
        try fields.encode(apis, forKey: .apis)
    }
}
