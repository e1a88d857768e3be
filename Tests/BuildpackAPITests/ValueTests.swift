import BuildpackAPI
import Diagnostics
import FoundationEssentials
import SystemPackage
import Testing

@Suite("Values of the buildpacks' side")
struct ValueTests {
    @Test(
        "a volume is HOST:PATH, writable unless it says ro; a relative folder counts from where the user is",
        arguments: [
            ("/a:/b", "/a /b rw"), ("/a:/b:ro", "/a /b ro"), ("/a:/b:rw", "/a /b rw"), ("x:/b", "/here/x /b rw"),
            ("../x:/b/../c", "/x /c rw"),
        ])
    func volumes(text: String, expected: String) throws {
        let volume = try #require(Volume(text, relativeTo: "/here"))
        #expect("\(volume.source) \(volume.destination) \(volume.isWritable ? "rw" : "ro")" == expected)
    }

    @Test("anything else is none", arguments: ["", "/a", ":/b", "/a:b", "/a:/", "/a:/b:rx", "/a:/b:ro:x"])
    func noVolumes(text: String) { #expect(Volume(text, relativeTo: "/here") == nil) }

    @Test("types of layers are written in the specification's order, and an unknown one is refused")
    func layerTypes() throws {
        #expect(LayerTypes([.cache, .launch, .build]).names == ["launch", "build", "cache"])
        #expect(LayerTypes().names == [])
        let read = try JSONDecoder().decode(LayerTypes.self, from: Data("[\"cache\",\"launch\"]".utf8))
        #expect(read == [.launch, .cache])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(LayerTypes.self, from: Data("[\"lunch\"]".utf8))
        }
    }

    @Test("metadata is the same after JSON: numbers stay what they are, and no boolean becomes one")
    func metadata() throws {
        let value = MetadataValue.table([
            "a": .array([.integer(1), .float(1.5), .boolean(true), .string("1")]), "b": .table([:]),
        ])
        #expect(try JSONDecoder().decode(MetadataValue.self, from: try JSONEncoder().encode(value)) == value)
    }

    @Test("a reference without execution environments is for all of them")
    func references() {
        #expect(BuildpackReference(id: "a", executionEnvironments: []).executionEnvironments == nil)
        #expect(BuildpackReference(id: "a", executionEnvironments: ["test"]).executionEnvironments == ["test"])
    }
}
