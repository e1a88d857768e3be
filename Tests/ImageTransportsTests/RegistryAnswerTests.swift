import Diagnostics
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import ImageTransports

/// What counts as a registry's answer: a server that says yes to everything has taken nothing.
@Suite struct RegistryAnswerTests {
    private static let page: String = reply(
        "200 OK", "Content-Type: text/html; charset=utf-8\r\n", "<html>hello</html>")
    private static let untyped: String = reply("200 OK", "", "\n<!DOCTYPE html>")
    private static let missing: String = reply("404 Not Found")
    private static let other: String = "sha256:" + String(repeating: "0", count: 64)

    // MARK: - Push

    @Test("a server that answers everything with a page has no image pushed to it, and gets no byte of one")
    func pageForAll() async throws {
        try await withPush([("HTTP/1.1", Self.page)]) { push in
            let error = await #expect(throws: Failure.self) { try await push.write() }
            #expect(
                error?.message
                    == "\(push.proxy.host)/app answered the push of manifest 1 with a web page (200 text/html): is that a registry?"
            )
            #expect(error?.advice?.contains("check the name") == true)
            #expect(push.proxy.requests.allSatisfy { $0.hasPrefix("HEAD ") })
        }
    }

    @Test(
        "a page instead of a registry's answer ends a push, and no tag is there",
        arguments: [
            ("POST", page, "push of blob"), ("POST", untyped, "push of blob"),
            ("PUT /v2/app/blobs", page, "push of blob"),
            ("PUT /v2/app/manifests", page, "push of manifest 1"),
            ("PUT /v2/app/manifests", untyped, "push of manifest 1"),
        ])
    func pageInstead(match: String, answer: String, what: String) async throws {
        try await withPush([(match, answer)]) { push in
            let error = await #expect(throws: Failure.self) { try await push.write() }
            #expect(error?.message.contains(what) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("with a web page (200") == true, "\(error?.message ?? "")")
            #expect(await push.tagged() == nil)
        }
    }

    @Test(
        "a blob counts as there only where the answer is a registry's, about that blob",
        arguments: [
            page, reply("200 OK", "Docker-Content-Digest: \(other)\r\n"), reply("204 No Content"),
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\n",
        ])
    func blobIsThere(answer: String) async throws {
        try await withPush([("HEAD /v2/app/blobs", answer)]) { push in
            try await push.write()
            #expect(await push.tagged() == push.sample.image.id)
        }
    }

    @Test("what a registry has is not sent again under another name")
    func known() async throws {
        try await withPush([]) { push in
            try await push.write()
            let first = push.proxy.requests.filter { $0.hasPrefix("POST") }.count
            try await push.write("app:2")
            #expect(first == 3)
            #expect(push.proxy.requests.filter { $0.hasPrefix("POST") }.count == first)
        }
    }

    @Test(
        "an upload is taken with the specification's statuses alone",
        arguments: [
            ("POST", "200 OK", "answered 200 to the push of blob"), ("POST", "201 Created", "answered 201 to the push"),
            ("POST", "202 Accepted", "without a Location"), ("PUT /v2/app/blobs", "200 OK", "answered 200 to the push"),
            ("PUT /v2/app/blobs", "202 Accepted", "answered 202 to the push"),
            ("PUT /v2/app/blobs", "204 No Content", "answered 204 to the push of blob"),
        ])
    func statuses(match: String, status: String, message: String) async throws {
        try await withPush([(match, Self.reply(status))]) { push in
            let error = await #expect(throws: Failure.self) { try await push.write() }
            #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
            #expect(await push.tagged() == nil)
        }
    }

    @Test(
        "what is taken under another digest is not pushed",
        arguments: ["PUT /v2/app/blobs", "PUT /v2/app/manifests"])
    func mismatch(match: String) async throws {
        let answer = Self.reply("201 Created", "Docker-Content-Digest: \(Self.other)\r\n")
        try await withPush([(match, answer)]) { push in
            let error = await #expect(throws: Failure.self) { try await push.write() }
            #expect(error?.code == .digestMismatch)
            #expect(error?.message.contains(Self.other) == true)
            #expect(await push.tagged() == nil)
        }
    }

    @Test(
        "a manifest that is taken without its digest is read back before it counts as pushed",
        arguments: ["201 Created", "200 OK", "202 Accepted", "204 No Content"])
    func readBack(status: String) async throws {
        let rules = [("PUT /v2/app/manifests", Self.reply(status)), ("HEAD /v2/app/manifests", Self.missing)]
        try await withPush(rules) { push in
            let error = await #expect(throws: Failure.self) { try await push.write() }
            #expect(error?.message.contains("cannot be read back") == true, "\(error?.message ?? "")")
            try await push.write(to: push.registry.host, push.old)
            let other = await #expect(throws: Failure.self) { try await push.write() }
            #expect(other?.code == .digestMismatch, "\(other?.message ?? "")")
            try await push.write(to: push.registry.host)
            let outcome = try await push.write()
            #expect(!outcome.isUnchanged)
        }
    }

    @Test("a page in place of the manifest that is read back is no manifest")
    func pageReadBack() async throws {
        let rules = [
            ("PUT /v2/app/manifests", Self.reply("201 Created")), ("GET /v2/app/manifests", Self.page),
        ]
        try await withPush(rules) { push in
            let error = await #expect(throws: Failure.self) { try await push.write() }
            #expect(error?.message.contains("cannot be read back") == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("web page (200 text/html)") == true, "\(error?.message ?? "")")
        }
    }

    @Test("a framework's text/html on an answer of 201 or 202 without a page is a registry's answer all the same")
    func frameworkType() async throws {
        try await withPush([]) { push in
            let digest = try await push.write(to: push.registry.host).manifestDigest
            let header = "Content-Type: text/html; charset=utf-8\r\nDocker-Content-Digest: \(digest)\r\n"
            push.proxy.set([
                Self.rule("HEAD /v2/app/manifests", Self.missing),
                Self.rule("PUT /v2/app/manifests", Self.reply("201 Created", header)),
            ])
            let outcome = try await push.write()
            #expect(!outcome.isUnchanged && outcome.manifestDigest == digest)
        }
    }

    // MARK: - Pull

    @Test(
        "a page instead of an image is said to be one",
        arguments: [
            ("manifests", page, "image 1", "(200 text/html)"), ("manifests", untyped, "image 1", "(200)"),
            ("/blobs/", page, "configuration ", "(200 text/html)"),
        ])
    func pulledPage(match: String, answer: String, what: String, kind: String) async throws {
        try await withPush([]) { push in
            try await push.write()
            push.proxy.set([Self.rule(match, answer)])
            let error = await #expect(throws: Failure.self) {
                try await push.place(push.proxy.host, "app:1").image()
            }
            let start = "\(push.proxy.host)/app answered the request for \(what)"
            #expect(error?.message.hasPrefix(start) == true, "\(error?.message ?? "")")
            #expect(error?.message.hasSuffix("with a web page \(kind): is that a registry?") == true)
        }
    }

    // MARK: - Servers with habits

    @Test("a redirect of a manifest to the same server is followed, with its body")
    func redirectedManifest() async throws {
        let there = Self.reply("307 Temporary Redirect", "Location: /v2/app/manifests/1\r\n")
        try await withPush([]) { push in
            push.proxy.set([.init(match: "PUT /v2/app/manifests", times: 1, fault: .answer(there))])
            try await push.write()
            #expect(await push.tagged() == push.sample.image.id)
            let away = Self.reply("307 Temporary Redirect", "Location: http://elsewhere.test/v2/app/manifests/2\r\n")
            push.proxy.set([Self.rule("PUT /v2/app/manifests", away)])
            let error = await #expect(throws: Failure.self) { try await push.write("app:2") }
            #expect(
                error?.message.contains("answered 307 to the push of manifest 2") == true, "\(error?.message ?? "")")
        }
    }

    @Test(
        "an address that is no HTTP ends a transfer at once",
        arguments: ["file:///etc/passwd", "gopher://127.0.0.1:9/x", "ftp://127.0.0.1/x"])
    func otherSchemes(address: String) async throws {
        try await withPush([]) { push in
            try await push.write()
            push.proxy.set([Self.rule("/blobs/", Self.reply("302 Found", "Location: \(address)\r\n"))])
            let before = push.proxy.requests.count
            let error = await #expect(throws: Failure.self) { try await push.place(push.proxy.host, "app:1").image() }
            #expect(
                error?.message.contains("redirects to an address that is not HTTP") == true, "\(error?.message ?? "")")
            #expect(push.proxy.requests.count - before == 2)
        }
    }

    @Test("a manifest or an index that is sent as plain JSON is what it says itself", arguments: [true, false])
    func plainType(isNamed: Bool) async throws {
        try await withPush([]) { push in
            try await push.write()
            let manifest = push.sample.image.manifestBytes
            let type = isNamed ? "\"mediaType\":\"application/vnd.oci.image.index.v1+json\"," : ""
            let pushed = try await push.place(push.registry.host, "app:1").image()
            let index = """
                {"schemaVersion":2,\(type)"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",\
                "digest":"\(pushed.digest)","size":\(manifest.count)},{"mediaType":\
                "application/vnd.oci.image.manifest.v1+json","digest":"sha256:\(String(repeating: "1", count: 64))",\
                "size":1,"platform":{"os":"unknown","architecture":"unknown"}}]}
                """
            push.proxy.set([
                Self.rule("GET /v2/app/manifests/1", Self.reply("200 OK", "Content-Type: application/json\r\n", index)),
                Self.rule(
                    "GET /v2/app/manifests/sha256",
                    Self.reply(
                        "200 OK", "Content-Type: application/json\r\n",
                        String(decoding: pushed.manifestBytes, as: UTF8.self))),
            ])
            #expect(try await push.place(push.proxy.host, "app:1").image().id == push.sample.image.id)
        }
    }

    @Test("what is too large, or has no repository to go to, is said with its cure")
    func refusals() async throws {
        try await withPush([]) { push in
            push.proxy.set([Self.rule("PUT /v2/app/blobs", Self.reply("413 Content Too Large"))])
            let large = await #expect(throws: Failure.self) { try await push.write() }
            #expect(large?.message.contains("because it is too large") == true, "\(large?.message ?? "")")
            #expect(large?.advice?.contains("client_max_body_size") == true)
            let unknown = #"{"errors":[{"code":"NAME_UNKNOWN","message":"no such repository"}]}"#
            push.proxy.set([Self.rule("POST", Self.reply("404 Not Found", "", unknown))])
            let missing = await #expect(throws: Failure.self) { try await push.write() }
            #expect(missing?.message == "\(push.proxy.host) has no repository app: no such repository")
            #expect(missing?.advice?.contains("make the repository first") == true)
        }
    }

    @Test("a registry on this machine that takes no TLS is used without; one elsewhere must be named as such")
    func loopback() async throws {
        try await withRegistry { registry, folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            var options = RegistryImage.Options(credentials: CredentialStore(environment: [:]))
            options.retry = RetryPolicy(wait: { _ in })
            func place(_ host: String) throws -> RegistryImage {
                RegistryImage(
                    try Reference("\(host)/app:1"), options: options, temporaryFolder: folder.appending("tmp"))
            }
            try await place(registry.host).write(sample.image, from: sample.store, progress: nil)
            #expect(try await place("localhost:\(registry.port)").image().id == sample.image.id)
            // The system takes this address for the machine's own, and no rule of docker's does.
            let host = "0.0.0.0:\(registry.port)"
            let error = await #expect(throws: Failure.self) { try await place(host).image() }
            #expect(error?.message == "\(host) does not take TLS")
            #expect(error?.advice?.contains("--insecure-registry \(host)") == true)
        }
    }

    @Test("where a credential helper does not work, a refusal names it, and an open registry is used all the same")
    func brokenHelper() async throws {
        try await withPush([]) { push in
            let docker = push.folder.appending("docker")
            try docker.appending("config.json").write(#"{"credsStore":"lost"}"#)
            let store = CredentialStore(environment: ["DOCKER_CONFIG": docker.string]) { program, _ in
                throw Failure(.notRunnable, "\(program) is not on PATH")
            }
            var options = RegistryImage.Options(credentials: store)
            options.insecure = [push.proxy.host]
            let place = RegistryImage(
                try Reference("\(push.proxy.host)/app:1"), options: options,
                temporaryFolder: push.folder.appending("tmp"))
            try await place.write(push.sample.image, from: push.sample.store, progress: nil)
            push.proxy.set([Self.rule("/v2/", Self.reply("401 No", "WWW-Authenticate: Basic realm=x\r\n"))])
            let error = await #expect(throws: Failure.self) { try await place.image() }
            #expect(
                error?.message
                    == "no credential for \(push.proxy.host): docker-credential-lost is not on PATH")
            #expect(error?.advice?.contains("\(docker)/config.json names that program") == true)
        }
    }

    // MARK: - Tokens

    @Test(
        "a token server that answers with a page, or without a token, is named",
        arguments: [page, reply("200 OK", "", "{}")])
    func token(answer: String) async throws {
        let gate = try FaultyProxy(to: 9, [Self.rule("/token", answer)])
        defer { gate.stop() }
        let asks = Self.reply("401 No", "WWW-Authenticate: Bearer realm=\"http://\(gate.host)/token\"\r\n")
        try await withPush([("HTTP/1.1", asks)]) { push in
            let error = await #expect(throws: Failure.self) { try await push.write() }
            let start = "\(gate.host), the token server of \(push.proxy.host), answered with"
            #expect(error?.message.hasPrefix(start) == true, "\(error?.message ?? "")")
            #expect(gate.requests.count == 1)
        }
    }

    // MARK: -

    /// A registry, a server before it that misbehaves, and an image to push.
    private struct Push {
        let registry: RegistryService
        let proxy: FaultyProxy
        let sample: SampleImage
        let old: SampleImage
        let folder: FilePath

        @discardableResult
        func write(_ name: String = "app:1", to host: String? = nil, _ image: SampleImage? = nil)
            async throws(Failure)
            -> WriteOutcome
        {
            let image = image ?? sample
            return try await place(host ?? proxy.host, name).write(image.image, from: image.store, progress: nil)
        }

        func place(_ host: String, _ name: String) throws(Failure) -> RegistryImage {
            var options = RegistryImage.Options(credentials: CredentialStore(environment: [:]))
            options.insecure = [host]
            options.retry = RetryPolicy(wait: { _ in })
            return RegistryImage(
                try Reference("\(host)/\(name)"), options: options, temporaryFolder: folder.appending("tmp"))
        }

        /// The ID of the image that the registry has as `app:1`; `nil` for none.
        func tagged() async -> Digest? { try? await place(registry.host, "app:1").image().id }
    }

    private func withPush(_ rules: [(match: String, answer: String)], _ body: (Push) async throws -> Void) async throws
    {
        try await withRegistry { registry, folder in
            let store = ImageStore(root: folder.appending("store"))
            let proxy = try FaultyProxy(to: registry.port, rules.map { Self.rule($0.match, $0.answer) })
            defer { proxy.stop() }
            try await body(
                Push(
                    registry: registry, proxy: proxy, sample: try await SampleImage("hello", in: store),
                    old: try await SampleImage("old", in: store, name: "old"), folder: folder))
        }
    }

    private static func rule(_ match: String, _ answer: String) -> FaultyProxy.Rule {
        .init(match: match, times: 999, fault: .answer(answer))
    }

    private static func reply(_ status: String, _ headers: String = "", _ body: String = "") -> String {
        let isEmpty = status.hasPrefix("204")
        let length = isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
        return "HTTP/1.1 \(status)\r\n\(length)Connection: close\r\n\(headers)\r\n\(body)"
    }
}
