import FoundationEssentials
import SystemPackage
import TestSupport

/// Signs tokens as docker-registry takes them (distribution's "Token Authentication Implementation").
struct TokenIssuer {
    let certificates: TestCertificates
    private let folder: FilePath

    init(in folder: FilePath) async throws {
        self.folder = folder
        certificates = try await TestCertificates(in: folder)
    }

    /// What the registry's configuration says of it, with the address where tokens are to be had.
    func configuration(realm: String) -> String {
        """
        token: {realm: "\(realm)", service: test, issuer: test, rootcertbundle: "\(certificates.authority)"}
        """
    }

    /// A token for the repository `app`; it ends in an hour, or ended an hour ago.
    func token(isExpired: Bool = false) async throws -> String {
        let pem = try certificates.certificate.readText().split(separator: "\n").filter { !$0.hasPrefix("-----") }
        let header = #"{"typ":"JWT","alg":"RS256","x5c":["\#(pem.joined())"]}"#
        let now = Int(Date().timeIntervalSince1970)
        let end = now + (isExpired ? -3600 : 3600)
        let claims = """
            {"iss":"test","sub":"me","aud":"test","exp":\(end),"nbf":\(now - 7200),"iat":\(now - 7200),"jti":"1",\
            "access":[{"type":"repository","name":"app","actions":["pull","push"]}]}
            """
        let signed = Self.encoded(Array(header.utf8)) + "." + Self.encoded(Array(claims.utf8))
        let file = folder.appending("claims")
        try file.write(signed)
        let signature = folder.appending("signature")
        _ = try await run(
            try findTool("openssl"),
            ["dgst", "-sha256", "-sign", certificates.key.string, "-out", signature.string, file.string]
        ).succeeded()
        return signed + "." + Self.encoded(try signature.readBytes())
    }

    private static func encoded(_ bytes: [UInt8]) -> String {
        String(
            Data(bytes).base64EncodedString().compactMap { character in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: character
                }
            })
    }
}
