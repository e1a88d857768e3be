import Diagnostics
import OCIImage
import SystemPackage
import Testing

@Suite struct ImagePlaceTests {
    @Test(
        "a place is read as skopeo reads it, and written as it was read",
        arguments: [
            ("oci:out", ImagePlace.layout("out", tag: nil)),
            ("oci:/a/b:1.0", .layout("/a/b", tag: "1.0")),
            ("oci:/a:b/c", .layout("/a:b/c", tag: nil)),
            ("oci-archive:x.tar", .layoutArchive("x.tar")),
            ("docker-archive:/x/y.tar", .dockerArchive("/x/y.tar")),
        ])
    func places(text: String, place: ImagePlace) throws {
        #expect(try ImagePlace(text) == place)
        #expect(place.description == text)
    }

    @Test("engines and registries take names")
    func names() throws {
        #expect(try ImagePlace("docker-daemon:app") == .engine(try Reference("app")))
        #expect(try ImagePlace("docker://localhost:5000/a:1") == .registry(try Reference("localhost:5000/a:1")))
    }

    @Test(
        "what is no place is refused with the kinds there are",
        arguments: ["", "out", "oci:", "docker:x", "dir:x", "docker-archive:", ":x"])
    func refused(text: String) {
        let error = #expect(throws: Failure.self) { try ImagePlace(text) }
        #expect(error?.advice?.contains("oci:DIR[:TAG]") == true)
    }

    @Test("a digest is 64 lower-case hex digits after its algorithm")
    func digests() throws {
        let hex = String(repeating: "0f", count: 32)
        #expect(try Digest("sha256:" + hex).hex == hex)
        #expect(try Digest(of: []).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        for text in [
            hex, "sha512:" + hex, "sha256:" + hex.uppercased(), "sha256:" + hex.dropLast(), "sha256:../" + hex,
        ] {
            let error = #expect(throws: Failure.self) { try Digest(String(text)) }
            let messages = ["not a sha256 digest: ", "not 64 lower-case hex digits: "]
            #expect(messages.contains { error?.message.hasPrefix($0) == true }, "\(error?.message ?? "")")
        }
    }
}
