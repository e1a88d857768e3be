import OCIImage
import Testing

@testable import Lifecycle

@Suite("Labels of other platforms")
struct OlderLabelTests {
    @Test(
        "E2: values of another kind than today's do not hide the others",
        arguments: [
            #"{"app":{"sha":"sha256:1"},"runImage":{"topLayer":"t","reference":"r"}}"#,
            #"{"app":"x","sbom":1,"buildpacks":{},"config":[],"runImage":{"topLayer":"t","reference":"r"},"stack":0}"#,
        ])
    func kinds(label: String) throws {
        var builder = ImageBuilder()
        builder.configuration.config.labels = [LifecycleMetadata.label: label]
        let metadata = LifecycleMetadata(of: try builder.image())
        #expect(metadata.runImage?.topLayer == "t")
        #expect(metadata.app == nil && metadata.buildpacks == nil)
    }
}
