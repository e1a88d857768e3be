public import SystemPackage

/// A certificate authority of its own, with a certificate for 127.0.0.1, made by openssl.
public struct TestCertificates: Sendable {
    /// The authority's certificate: what clients are to trust.
    public let authority: FilePath
    /// The server's certificate.
    public let certificate: FilePath
    /// The server's key (RSA).
    public let key: FilePath

    /// Makes them in a folder.
    /// - Throws: `TestSupportError` with what openssl said.
    public init(in folder: FilePath) async throws {
        authority = folder.appending("ca.pem")
        certificate = folder.appending("server.pem")
        key = folder.appending("server.key")
        let openssl = try findTool("openssl")
        let authorityKey = folder.appending("ca.key").string
        let common = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        _ = try await run(
            openssl, common + ["-subj", "/CN=test CA", "-keyout", authorityKey, "-out", authority.string]
        ).succeeded()
        _ = try await run(
            openssl,
            common + [
                "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-addext",
                "basicConstraints=critical,CA:FALSE", "-CA", authority.string, "-CAkey", authorityKey, "-keyout",
                key.string, "-out", certificate.string,
            ]
        ).succeeded()
    }
}
