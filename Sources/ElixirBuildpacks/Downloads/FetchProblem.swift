/// Why a file could not be fetched.
struct FetchProblem: Error, Hashable, CustomStringConvertible {
    enum Kind: Hashable {
        case offline
        /// No answer, or one that broke off.
        case unreachable(String)
        /// There is no such file.
        case missing
        /// Another answer than 200.
        case status(Int)
        /// Something else than the file: an error page, or nothing.
        case page
        /// Another content than the list says.
        case altered(String, expected: String, actual: String)
    }

    var kind: Kind
    /// The server's name, and what was asked of it.
    var host: String
    var name: String

    init(_ kind: Kind, _ url: String) {
        self.kind = kind
        host = DownloadSettings.host(url)
        name = url.split(separator: "/").last.map(String.init) ?? url
    }

    /// In one line: what failed, and where.
    var description: String {
        switch kind {
        case .offline: "\(name) is not here, and the network is not to be used"
        case .unreachable(let reason):
            "\(host) cannot be reached (\(reason.hasPrefix("\(host): ") ? String(reason.dropFirst(host.count + 2)) : reason))"
        case .missing: "\(host) has no \(name)"
        case .status(let status): "\(host) answers \(status) for \(name)"
        case .page: "\(host) answers with something else than \(name), such as an error page"
        case .altered(let algorithm, let expected, let actual):
            "\(name) from \(host) is not what its list says: \(algorithm) \(actual.prefix(12))…, not \(expected.prefix(12))…"
        }
    }

    /// What to try, where this kind of problem has an answer of its own.
    var advice: String? {
        switch kind {
        case .offline: "unset MIXPACK_OFFLINE and HEX_OFFLINE"
        case .altered: "it was cut off or altered on the way, or built anew since the list was made: try again later"
        case .page: "a proxy or a wrong address may answer so: see what is at the address"
        case .unreachable, .missing, .status: nil
        }
    }
}
