import Builders
import BuildpackAPI
import Diagnostics
import Lifecycle
import OCIImage
import Testing

/// The labels of builder images: pack's own, and those that are not whole.
struct BuilderLabelsTests {
    /// As pack 0.3x writes them, shortened.
    private static let pack: [String: String] = [
        BuilderLabel.metadata: #"""
        {"description":"Sample","buildpacks":[{"id":"a/one","version":"1.0.0","homepage":"https://example.com"}],
        "extensions":null,"stack":{"runImage":{"image":"run/jammy","mirrors":null}},
        "lifecycle":{"version":"0.20.5","api":{"buildpack":"0.7","platform":"0.7"},
        "apis":{"buildpack":{"deprecated":[],"supported":["0.7","0.10"]},"platform":{"deprecated":[],"supported":["0.7"]}}},
        "createdBy":{"name":"Pack CLI","version":"0.36.0"},"images":[{"image":"run/jammy","mirrors":["m/jammy"]}]}
        """#,
        BuilderLabel.order: #"[{"group":[{"id":"a/one"},{"id":"b","version":"2.0.0","optional":true}]}]"#,
        BuilderLabel.extensionOrder: "null",
        BuilderLabel.buildpackLayers: #"""
        {"a/one":{"1.0.0":{"api":"0.7","order":[{"group":[{"id":"b","version":"2.0.0"}]}],
        "layerDiffID":"sha256:\#(String(repeating: "a", count: 64))"}},
        "b":{"2.0.0":{"api":"0.10","stacks":[{"id":"*","mixins":["x"]}],
        "targets":[{"os":"linux","arch":"amd64","distros":[{"name":"ubuntu","version":"22.04"}]}],
        "layerDiffID":"sha256:\#(String(repeating: "b", count: 64))"}}}
        """#,
        BuilderLabel.extensionLayers: "{}", BuilderLabel.mixins: "null", BuilderLabel.stackID: "io.stack",
    ]

    private func image(
        _ labels: [String: String], _ environment: [String] = ["CNB_USER_ID=1001", "CNB_GROUP_ID=1000"],
        platform: Platform = .current
    ) throws -> Image {
        var builder = ImageBuilder(platform: platform)
        builder.configuration.config.labels = labels
        builder.configuration.config.environment = environment
        return try builder.image()
    }

    @Test func readsPacks() throws {
        let builder = try BuilderImage(try image(Self.pack), named: "sample")
        #expect(builder.owner.user == 1001 && builder.owner.group == 1000)
        #expect(builder.runImages == [BuilderRunImage(image: "run/jammy", mirrors: ["m/jammy"])])
        #expect(builder.metadata.createdBy.name == "Pack CLI")
        #expect(builder.stackID == "io.stack")
        let expected = [
            [BuildpackReference(id: "a/one"), BuildpackReference(id: "b", version: "2.0.0", isOptional: true)]
        ]
        #expect(builder.order == expected)
        #expect(builder.buildpacks.map(\.title) == ["a/one@1.0.0", "b@2.0.0"])
        #expect(builder.buildpacks[0].order == [[BuildpackReference(id: "b", version: "2.0.0")]])
        #expect(builder.buildpacks[1].stacks == ["*"])
        #expect(builder.buildpacks[1].targets.map(\.text) == ["linux/amd64 (ubuntu 22.04)"])
        #expect(builder.lifecycle.buildpackAPIs.contains(APIVersion(0, 10)))
        #expect(!builder.lifecycle.buildpackAPIs.contains(APIVersion(0, 11)))
    }

    @Test func writesWhatItReads() throws {
        let labels = try BuilderLabels(of: try image(Self.pack), named: "sample")
        let texts = try labels.texts()
        #expect(try BuilderLabels(of: try image(texts), named: "again") == labels)
        #expect(texts[BuilderLabel.extensionLayers] == "{}")
        #expect(texts[BuilderLabel.mixins] == "null")
        let metadata = try #require(texts[BuilderLabel.metadata])
        #expect(metadata.contains(#""extensions":null"#))
    }

    @Test func takesTheStacksRunImageWhereThereIsNoOther() throws {
        let old = [BuilderLabel.metadata: #"{"stack":{"runImage":{"image":"old/run"}},"lifecycle":{}}"#]
        #expect(try BuilderImage(try image(old), named: "old").runImages == [BuilderRunImage(image: "old/run")])
    }

    @Test func refusesWhatIsNoBuilder() throws {
        let builder = [BuilderLabel.metadata: "{}"]
        let other = Platform(architecture: Platform.current.architecture == "amd64" ? "arm64" : "amd64")
        let cases: [(Image, String, Failure.Code)] = [
            (try image([:]), "try recreating the builder", .malformed),
            (try image([BuilderLabel.metadata: "{"]), "the label io.buildpacks.builder.metadata", .malformed),
            (try image(builder, []), "has no CNB_USER_ID", .malformed),
            (try image(builder, ["CNB_USER_ID=cnb", "CNB_GROUP_ID=1"]), "CNB_USER_ID=cnb", .malformed),
            (try image(builder, platform: other), "is for \(other)", .unsupported),
        ]
        for (image, text, code) in cases {
            let failure = #expect(throws: Failure.self) { try BuilderImage(image, named: "sample") }
            #expect(failure?.code == code)
            #expect(failure?.description.contains(text) == true, "\(failure.map { "\($0)" } ?? "")")
        }
    }
}
