import SystemPackage

/// The certificates with which a client and a server of their own know each other.
package struct TLSIdentity: Sendable, Hashable {
    /// The file of the authority that signed the server's certificate; `nil` trusts the system's.
    package var authority: FilePath?
    /// The file of the client's own certificate.
    package var certificate: FilePath?
    /// The file of the key to it.
    package var key: FilePath?
    /// Whether the server's certificate is looked at.
    package var verifies: Bool

    package init(authority: FilePath?, certificate: FilePath?, key: FilePath?, verifies: Bool = true) {
        self.authority = authority
        self.certificate = certificate
        self.key = key
        self.verifies = verifies
    }
}
