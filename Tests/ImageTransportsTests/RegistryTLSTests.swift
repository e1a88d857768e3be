import Diagnostics
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import ImageTransports

/// Nothing goes in the clear for a registry that is used with TLS.
@Suite struct RegistryTLSTests {
    @Test("a registry with TLS that calls itself http:// gets its uploads with TLS")
    func ownAddress() async throws {
        try await withTLS(address: "http://HOST") { registry, place, sample in
            try await place.write(sample.image, from: sample.store, progress: nil)
            #expect(try await place.image().id == sample.image.id)
        }
    }

    @Test("an upload that a registry with TLS wants at another place without TLS is refused, and sends nothing")
    func otherAddress() async throws {
        let open = try FaultyProxy(to: 9, [.init(match: "HTTP/1.1", times: 99, fault: .answer(Self.taken))])
        defer { open.stop() }
        try await withTLS(address: "http://\(open.host)") { registry, place, sample in
            let error = await #expect(throws: Failure.self) {
                try await place.write(sample.image, from: sample.store, progress: nil)
            }
            #expect(error?.message == "\(registry.host) redirects to \(open.host) without TLS")
            #expect(error?.advice?.contains("https://") == true)
            #expect(open.requests.isEmpty)
        }
    }

    @Test("a token server without TLS gets no password for a registry with TLS")
    func tokenServer() async throws {
        let open = try FaultyProxy(to: 9, [.init(match: "HTTP/1.1", times: 99, fault: .answer(Self.taken))])
        defer { open.stop() }
        try await withTemporaryFolder { folder in
            let issuer = try await TokenIssuer(in: folder)
            let auth = issuer.configuration(realm: "http://\(open.host)/token")
            try await withTLS(auth: auth) { registry, place, sample in
                let error = await #expect(throws: Failure.self) {
                    try await place.write(sample.image, from: sample.store, progress: nil)
                }
                #expect(error?.message == "\(registry.host) redirects to \(open.host) without TLS")
                #expect(open.requests.isEmpty)
            }
        }
    }

    @Test("an upload on another host gets the blob, and no credential")
    func otherHost() async throws {
        let elsewhere = try TCPSocket.freePort()
        try await withRegistry(access: .init(address: "http://127.0.0.1:\(elsewhere)")) { registry, folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let storage = try FaultyProxy(to: registry.port, [], on: elsewhere)
            defer { storage.stop() }
            let asks = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n"
            let proxy = try FaultyProxy(to: registry.port, [.init(match: "HEAD", times: 1, fault: .answer(asks))])
            defer { proxy.stop() }
            var options = options(folder, proxy.host)
            options.insecure = [proxy.host]
            let place = RegistryImage(try Reference("\(proxy.host)/app:1"), options: options, temporaryFolder: folder)
            try await place.write(sample.image, from: sample.store, progress: nil)
            #expect(proxy.heads.dropFirst().allSatisfy { $0.contains("Authorization: Basic bWU6c2VjcmV0") })
            #expect(storage.requests.count == 3 && storage.requests.allSatisfy { $0.hasPrefix("PUT /v2/app/blobs") })
            #expect(storage.heads.allSatisfy { !$0.lowercased().contains("authorization") })
        }
    }

    @Test("an upload at another registry with TLS is let through, and gets no credential there")
    func otherHostWithTLS() async throws {
        try await withTemporaryFolder { folder in
            let certificates = try await TestCertificates(in: folder)
            let tls = (certificates.certificate, certificates.key)
            try await withRegistry(access: .init(htpasswd: Self.htpasswd, tls: tls)) { other, _ in
                try await withTLS(address: "https://\(other.host)", htpasswd: Self.htpasswd, certificates) {
                    registry, place, sample in
                    let error = await #expect(throws: Failure.self) {
                        try await place.write(sample.image, from: sample.store, progress: nil)
                    }
                    // The other one knows the password too: it would say that it knows no such upload.
                    #expect(error?.message.hasPrefix("\(registry.host)/app refused ") == true)
                }
            }
        }
    }

    // MARK: - Addresses

    static let addresses: [(registry: String, address: String, expected: String?)] = [
        ("h.test", "https://h.test/v2/x?_state=a", "https://h.test/v2/x?_state=a"),
        ("h.test", "https://other.test/x", "https://other.test/x"), ("h.test", "HTTPS://h.test/x", "HTTPS://h.test/x"),
        ("h.test", "http://h.test/v2/x?_state=a", "https://h.test/v2/x?_state=a"),
        ("h.test", "http://H.Test:80/x", "https://h.test/x"), ("h.test", "http://h.test:443/x", "https://h.test/x"),
        ("h.test", "HTTP://h.test/x", "https://h.test/x"), ("h.test", "http://h.test?x", "https://h.test?x"),
        ("h.test:5000", "http://h.test:5000/x", "https://h.test:5000/x"),
        ("h.test:5000", "http://h.test/x", "https://h.test:5000/x"), ("h.test:5000", "http://h.test:5001/x", nil),
        ("h.test:5000", "http://h.test:443/x", nil), ("h.test", "http://h.test:5000/x", nil),
        ("h.test", "http://other.test/x", nil), ("h.test", "http://h.test.evil.test/x", nil),
        ("h.test", "http://h.test@evil.test/x", nil), ("h.test", "http://me@h.test/x", nil),
        ("h.test", "ftp://h.test/x", nil), ("h.test", "token", nil), ("h.test", "", nil),
        ("[::1]:5000", "http://[::1]:5000/x", "https://[::1]:5000/x"),
        ("[::1]:5000", "http://[::1]/x", "https://[::1]:5000/x"),
    ]

    @Test("an address without TLS is the registry's own with TLS, or refused", arguments: addresses)
    func secured(registry: String, address: String, expected: String?) throws {
        let endpoint = RegistryEndpoint(try Reference("\(registry)/app:1"), insecure: [])
        do throws(Failure) {
            let found = try endpoint.secured(address)
            #expect(found == expected)
        } catch {
            #expect(expected == nil, "\(error)")
            #expect(error.message.hasSuffix("without TLS"))
            #expect(!error.message.contains("me@"))
        }
        let plain = RegistryEndpoint(try Reference("\(registry)/app:1"), insecure: [registry])
        let isHTTP = address.lowercased().hasPrefix("http")
        #expect((try? plain.secured(address)) == (isHTTP ? address : nil))
    }

    // MARK: -

    /// The user me with the password secret.
    private static let htpasswd = "me:$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"
    /// What a server says that takes everything.
    private static let taken = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

    /// Runs `body` with a registry with TLS, and an image in it that is opened by me.
    private func withTLS(
        address: String? = nil, htpasswd: String? = nil, auth: String? = nil, _ certificates: TestCertificates? = nil,
        _ body: (RegistryService, RegistryImage, SampleImage) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let own = if let certificates { certificates } else { try await TestCertificates(in: folder) }
            let access = RegistryService.Access(
                htpasswd: htpasswd, auth: auth, tls: (own.certificate, own.key), address: address)
            try await withRegistry(access: access) { registry, _ in
                let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
                var options = options(folder, registry.host)
                options.certificates = own.authority.string
                let place = RegistryImage(
                    try Reference("\(registry.host)/app:1"), options: options, temporaryFolder: folder.appending("tmp"))
                try await body(registry, place, sample)
            }
        }
    }

    private func options(_ folder: FilePath, _ host: String) -> RegistryImage.Options {
        var options = RegistryImage.Options(
            credentials: CredentialStore(
                environment: ["CNB_REGISTRY_AUTH": #"{"\#(host)":"Basic bWU6c2VjcmV0"}"#]))
        options.retry = RetryPolicy(wait: { _ in })
        return options
    }
}
