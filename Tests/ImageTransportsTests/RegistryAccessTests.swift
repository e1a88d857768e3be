import Diagnostics
import FoundationEssentials
import OCIImage
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import ImageTransports

/// Who may talk to a registry: certificates, passwords, tokens, and where they never go.
@Suite struct RegistryAccessTests {
    // MARK: - TLS

    @Test("a registry with a certificate of its own authority is used once that is trusted, and not before")
    func authority() async throws {
        try await withTemporaryFolder { folder in
            let certificates = try await TestCertificates(in: folder)
            let access = RegistryService.Access(tls: (certificates.certificate, certificates.key))
            try await withRegistry(access: access) { registry, scratch in
                let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
                var options = options([:])
                let name = try Reference("\(registry.host)/app:1")
                let unknown = RegistryImage(name, options: options, temporaryFolder: scratch)
                let error = await #expect(throws: Failure.self) {
                    try await unknown.write(sample.image, from: sample.store, progress: nil)
                }
                #expect(error?.message.contains("certificate") == true, "\(error?.message ?? "")")
                options.certificates = certificates.authority.string
                let known = RegistryImage(name, options: options, temporaryFolder: scratch)
                try await known.write(sample.image, from: sample.store, progress: nil)
                let read = RegistryImage(name, options: options, temporaryFolder: scratch)
                #expect(try await read.image().id == sample.image.id)
            }
        }
    }

    // MARK: - Tokens

    @Test("a push through a token server: the password goes there, the token to the registry")
    func tokens() async throws {
        try await withTokenRegistry { registry, gate, issuer, sample in
            gate.set([.init(match: "/token", times: 9, fault: .answer(Self.token(try await issuer.token())))])
            let target = try place(registry.host, credential(registry.host), sample)
            try await target.write(sample.image, from: sample.store, progress: nil)
            #expect(gate.requests.first?.hasPrefix("GET /token?scope=repository%3Aapp%3Apull%2Cpush") == true)
            #expect(gate.heads.allSatisfy { $0.contains("Authorization: Basic bWU6c2VjcmV0") })
            #expect(try await place(registry.host, [:], sample).image().id == sample.image.id)
        }
    }

    @Test("a token that has expired in the middle of a push is renewed")
    func renewed() async throws {
        try await withTokenRegistry { registry, gate, issuer, sample in
            gate.set([.init(match: "/token", times: 9, fault: .answer(Self.token(try await issuer.token())))])
            let expired = """
                HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer realm="http://\(gate.host)/token",service="test",\
                error="invalid_token"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n
                """
            let proxy = try FaultyProxy(
                to: registry.port, [.init(match: "PUT /v2/app/blobs", times: 1, fault: .answer(expired))])
            defer { proxy.stop() }
            let target = try place(proxy.host, [:], sample)
            try await target.write(sample.image, from: sample.store, progress: nil)
            #expect(gate.requests.count == 2)
            #expect(try await place(registry.host, [:], sample).image().id == sample.image.id)
        }
    }

    @Test("a token that is expired when it comes is refused, and no tag is moved")
    func expired() async throws {
        try await withTokenRegistry { registry, gate, issuer, sample in
            let old = Self.token(try await issuer.token(isExpired: true))
            gate.set([.init(match: "/token", times: 9, fault: .answer(old))])
            let target = try place(registry.host, [:], sample)
            let error = await #expect(throws: Failure.self) {
                try await target.write(sample.image, from: sample.store, progress: nil)
            }
            #expect(error?.advice == "log in with docker login \(registry.host)")
            gate.set([.init(match: "/token", times: 9, fault: .answer(Self.token(try await issuer.token())))])
            let missing = await #expect(throws: Failure.self) {
                try await place(registry.host, [:], sample).image()
            }
            #expect(missing?.code == .notFound)
        }
    }

    @Test("an identity token is exchanged, in the body of a request and nowhere else")
    func identityToken() async throws {
        try await withTokenRegistry { registry, gate, issuer, sample in
            gate.set([.init(match: "/token", times: 9, fault: .answer(Self.token(try await issuer.token())))])
            let config = sample.store.root.appending("docker")
            try config.appending("config.json").write(
                #"{"auths":{"\#(registry.host)":{"identitytoken":"refresh me+"}}}"#)
            let target = try place(registry.host, ["DOCKER_CONFIG": config.string], sample)
            try await target.write(sample.image, from: sample.store, progress: nil)
            let asked = try #require(gate.heads.first)
            #expect(asked.hasPrefix("POST /token HTTP/1.1"))
            #expect(asked.contains("grant_type=refresh_token&refresh_token=refresh%20me%2B&service=test"))
            #expect(!asked.contains("Authorization"))
        }
    }

    @Test(
        "a token server that refuses is asked once, one that is busy again",
        arguments: [("401 No", 1), ("403 No", 1), ("400 What", 1), ("429 Busy", 2), ("503 Down", 2)])
    func tokenRefused(status: String, times: Int) async throws {
        try await withTokenRegistry { registry, gate, issuer, sample in
            gate.set([
                .init(match: "/token", times: 1, fault: .answer(RegistryTests.answer(status))),
                .init(match: "/token", times: 9, fault: .answer(Self.token(try await issuer.token()))),
            ])
            let target = try place(registry.host, credential(registry.host), sample)
            do throws(Failure) {
                try await target.write(sample.image, from: sample.store, progress: nil)
                #expect(times > 1)
            } catch {
                #expect(times == 1)
                #expect(error.advice == "log in with docker login \(registry.host)")
                #expect(!error.description.contains("secret") && !error.description.contains("bWU6c2VjcmV0"))
            }
            #expect(gate.requests.count == times)
        }
    }

    // MARK: - Other hosts

    @Test("a host that a registry leads to gets no credential, even if it asks for one")
    func redirected() async throws {
        try await withRegistry { registry, folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            try await place(registry.host, [:], sample).write(sample.image, from: sample.store, progress: nil)
            let asks = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n"
            let thief = try FaultyProxy(to: registry.port, [.init(match: "GET", times: 99, fault: .answer(asks))])
            defer { thief.stop() }
            let bearer = "HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer realm=\"http://\(thief.host)/t\"\r\n"
            let moved = "HTTP/1.1 307 There\r\nLocation: http://\(thief.host)/blob\r\nContent-Length: 0\r\n\r\n"
            let proxy = try FaultyProxy(
                to: registry.port,
                [
                    .init(match: "manifests", times: 1, fault: .answer(asks)),
                    .init(match: "/blobs/", times: 99, fault: .answer(moved)),
                ])
            defer { proxy.stop() }
            for answer in [asks, bearer + "Content-Length: 0\r\n\r\n"] {
                thief.set([.init(match: "GET", times: 99, fault: .answer(answer))])
                let image = try place(proxy.host, credential(proxy.host), sample)
                let error = await #expect(throws: Failure.self) { try await image.image() }
                #expect(error.map { !$0.description.contains("bWU6c2VjcmV0") } == true)
            }
            #expect(!thief.requests.isEmpty)
            #expect(thief.requests.allSatisfy { $0 == "GET /blob HTTP/1.1" })
            #expect(thief.heads.allSatisfy { !$0.lowercased().contains("authorization") })
        }
    }

    // MARK: - Waiting

    @Test(
        "a server says how long to wait, also for an upload; what makes no sense is not kept to",
        arguments: [
            ("Retry-After: 7\r\n", 7...7), ("Retry-After: 100000\r\n", 60...60), ("Retry-After: nan\r\n", 0...0.5),
            ("Retry-After: -5\r\n", 0...0.5), ("", 0...0.5),
            ("Date: Mon, 23 Nov 2026 10:00:00 GMT\r\nRetry-After: Mon, 23 Nov 2026 10:00:30 GMT\r\n", 30...30),
        ] as [(String, ClosedRange<Double>)])
    func retryAfter(header: String, expected: ClosedRange<Double>) async throws {
        try await withRegistry { registry, folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let busy = "HTTP/1.1 503 Busy\r\n\(header)Content-Length: 0\r\nConnection: close\r\n\r\n"
            let proxy = try FaultyProxy(
                to: registry.port, [.init(match: "PUT /v2/app/blobs", times: 1, fault: .answer(busy))])
            defer { proxy.stop() }
            let waits = Waits()
            var options = options([:])
            options.insecure = [proxy.host]
            options.retry = RetryPolicy(wait: { waits.add($0) })
            let target = RegistryImage(
                try Reference("\(proxy.host)/app:1"), options: options, temporaryFolder: folder.appending("tmp"))
            try await target.write(sample.image, from: sample.store, progress: nil)
            #expect(waits.all.count == 1)
            #expect(waits.all.allSatisfy(expected.contains))
        }
    }

    @Test(
        "a request is sent five times in all, and is led on five times at most",
        arguments: [
            ("408 Late", 5), ("429 Busy", 5), ("500 Error", 5), ("502 Bad", 5), ("503 Down", 5), ("504 Late", 5),
            ("404 None", 1), ("400 What", 1), ("501 No", 1), ("307 There", 6),
        ])
    func limits(status: String, requests: Int) async throws {
        let head = "HTTP/1.1 \(status)\r\n" + (requests == 6 ? "Location: /v2/app/manifests/2\r\n" : "")
        let answer = FaultyProxy.Fault.answer(head + "Content-Length: 0\r\nConnection: close\r\n\r\n")
        let server = try FaultyProxy(to: 9, [.init(match: "GET", times: 99, fault: answer)])
        defer { server.stop() }
        try await withTemporaryFolder { folder in
            var options = options([:])
            options.insecure = [server.host]
            let image = RegistryImage(
                try Reference("\(server.host)/app:1"), options: options, temporaryFolder: folder.appending("tmp"))
            await #expect(throws: Failure.self) { try await image.image() }
            #expect(server.requests.count == requests)
        }
    }

    @Test("waits grow, and no two clients wait alike")
    func backOff() {
        let policy = RetryPolicy()
        for attempt in 1...4 {
            let delays = (0..<50).map { _ in policy.delay(after: attempt) }
            let mean = 0.3 * Double(1 << (attempt - 1))
            #expect(delays.allSatisfy { (0.5 * mean...1.5 * mean).contains($0) })
            #expect(Set(delays).count > 10)
        }
        #expect(policy.delay(after: 40) == 60)
    }

    // MARK: -

    private func withTokenRegistry(
        _ body: (RegistryService, FaultyProxy, TokenIssuer, SampleImage) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let issuer = try await TokenIssuer(in: folder)
            let gate = try FaultyProxy(to: 9, [])
            defer { gate.stop() }
            let auth = issuer.configuration(realm: "http://\(gate.host)/token")
            try await withRegistry(access: RegistryService.Access(auth: auth)) { registry, _ in
                let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
                try await body(registry, gate, issuer, sample)
            }
        }
    }

    private static func token(_ token: String) -> String {
        RegistryTests.answer("200 OK", body: #"{"token":"\#(token)"}"#)
    }

    /// The user me with the password secret.
    private func credential(_ host: String) -> [String: String] {
        ["CNB_REGISTRY_AUTH": #"{"\#(host)":"Basic bWU6c2VjcmV0"}"#]
    }

    private func place(_ host: String, _ environment: [String: String], _ sample: SampleImage) throws -> RegistryImage {
        var options = options(environment)
        options.insecure = [host]
        return RegistryImage(
            try Reference("\(host)/app:1"), options: options,
            temporaryFolder: sample.store.root.removingLastComponent().appending("tmp"))
    }

    private func options(_ environment: [String: String]) -> RegistryImage.Options {
        var options = RegistryImage.Options(credentials: CredentialStore(environment: environment))
        options.retry = RetryPolicy(wait: { _ in })
        return options
    }
}

/// The waits that were asked for.
private final class Waits: Sendable {
    private let list = Mutex<[Double]>([])
    var all: [Double] { list.withLock { $0 } }
    func add(_ seconds: Double) { list.withLock { $0.append(seconds) } }
}
