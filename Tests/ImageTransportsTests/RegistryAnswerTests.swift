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
