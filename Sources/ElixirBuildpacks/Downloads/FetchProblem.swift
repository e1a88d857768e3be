import Diagnostics

/// Why a file cannot be fetched.
enum FetchProblem {
    case offline
    /// There is no answer, or it broke off.
    case unreachable(String)
    /// There is no such file.
    case missing
    /// The answer is another than 200.
    case status(Int)
    /// Something else than the file came: an error page, or nothing.
    case page
    /// The content is not what the list says.
    case altered(String, expected: String, actual: String)
}

extension Failure {
    /// A file that cannot be fetched: what, from where, and what to try where that helps.
    init(fetching url: String, _ problem: FetchProblem) {
        let host = DownloadSettings.host(url)
        let name = url.split(separator: "/").last.map(String.init) ?? url
        let (message, advice): (String, String?) =
            switch problem {
            case .offline:
                ("\(name) is not here, and the network is not to be used", "unset MIXPACK_OFFLINE and HEX_OFFLINE")
            case .unreachable(let reason):
                (
                    "\(host) cannot be reached (\(reason.hasPrefix("\(host): ") ? String(reason.dropFirst(host.count + 2)) : reason))",
                    nil
                )
            case .missing: ("\(host) has no \(name)", nil)
            case .status(let status): ("\(host) answers \(status) for \(name)", nil)
            case .page:
                (
                    "\(host) answers with something else than \(name), such as an error page",
                    "a proxy or a wrong address may answer so: see what is at the address"
                )
            case .altered(let algorithm, let expected, let actual):
                (
                    "\(name) from \(host) is not what its list says: \(algorithm) \(actual.prefix(12))…, not \(expected.prefix(12))…",
                    "it was cut off or altered on the way, or rebuilt since the list was made: try again later"
                )
            }
        self.init(.fetchFailed, message, advice: advice)
    }
}
