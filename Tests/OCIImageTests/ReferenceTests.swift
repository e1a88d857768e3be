import Diagnostics
import OCIImage
import Testing

@Suite struct ReferenceTests {
    @Test(
        "a name is split into registry, repository, tag and digest",
        arguments: [
            ("my-image", nil, "my-image", "latest"),
            ("my-image:1.2", nil, "my-image", "1.2"),
            ("library/debian", nil, "library/debian", "latest"),
            ("localhost/app", "localhost", "app", "latest"),
            ("localhost:5000/a/b:x", "localhost:5000", "a/b", "x"),
            ("r.io/x__y/z-1.0", "r.io", "x__y/z-1.0", "latest"),
        ] as [(String, String?, String, String)])
    func parts(text: String, registry: String?, repository: String, tag: String) throws {
        let reference = try Reference(text)
        #expect(reference.registry == registry)
        #expect(reference.repository == repository)
        #expect(reference.tag == tag)
        #expect(reference.digest == nil)
    }

    @Test("a digest stands alone or beside a tag")
    func digest() throws {
        let hex = String(repeating: "ab", count: 32)
        #expect(try Reference("a@sha256:\(hex)").tag == nil)
        #expect(try Reference("a:1@sha256:\(hex)").description == "a:1@sha256:\(hex)")
    }

    @Test(
        "the path in a folder of layouts is the platform specification's",
        arguments: [
            ("busybox", "index.docker.io/library/busybox/latest"),
            ("docker.io/busybox", "index.docker.io/library/busybox/latest"),
            ("foo/bar:1", "index.docker.io/foo/bar/1"),
            ("localhost:5000/a", "localhost:5000/a/latest"),
            (
                "r.io/x/y:1@sha256:" + String(repeating: "ab", count: 32),
                "r.io/x/y/sha256/" + String(repeating: "ab", count: 32)
            ),
        ])
    func layoutPath(text: String, path: String) throws {
        #expect(try Reference(text).layoutPath.string == path)
    }

    @Test(
        "what is no name is refused with the part that is wrong",
        arguments: [
            ("", "the repository \"\""), ("My-Image", "the repository \"My-Image\""), ("a/", "the repository \"a/\""),
            ("/a", "the repository \"/a\""), ("a//b", "the repository \"a//b\""), ("a:", "the tag \"\""),
            ("a:tag with space", "the tag \"tag with space\""), ("a@sha256:12", "hex digits: 12"),
            ("a..b", "the repository \"a..b\""), ("-a", "the repository \"-a\""), ("a:.x", "the tag \".x\""),
            ("../a", "\"..\" is not a host"), ("a..b/c", "\"a..b\" is not a host"), ("a:b/c", "\"a:b\" is not a host"),
            ("a.b:123456/c", "\"a.b:123456\" is not a host"), (".x/a", "\".x\" is not a host"),
        ])
    func refused(text: String, part: String) {
        let error = #expect(throws: Failure.self) { try Reference(text) }
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test("the advice for a bad name is a good name")
    func advice() throws {
        let error = #expect(throws: Failure.self) { try Reference("My App") }
        let advice = try #require(error?.advice)
        #expect(advice == "try my-app")
    }

    @Test("what stands behind an equals sign may be a secret, and is not in the advice")
    func secret() throws {
        let error = #expect(throws: Failure.self) { try Reference("API_KEY=hunter2") }
        #expect(error?.advice == "try api-key")
    }

    @Test("a digest in the name of a new image is refused, with the name to give instead")
    func newName() throws {
        let digest = "sha256:" + String(repeating: "a", count: 64)
        for (text, plain) in [
            ("hello@\(digest)", "hello"), ("localhost:5000/a/b:1@\(digest)", "localhost:5000/a/b:1"),
        ] {
            let error = #expect(throws: Failure.self) { try Reference(text).checkAsNew() }
            #expect(error?.code == .usage)
            #expect(error?.advice == "leave the digest out: \(plain)")
        }
        try Reference("hello:1").checkAsNew()
    }
}
