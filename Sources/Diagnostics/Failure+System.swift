import Glibc

extension Failure {
    /// The failure that `errno` names, with the usual cure: `WHAT: REASON`.
    package static func system(_ code: Code, _ what: String, errno number: Int32 = errno) -> Failure {
        Failure(code, "\(what): \(String(cString: strerror(number)))", advice: advice(for: number))
    }

    private static func advice(for number: Int32) -> String? {
        switch number {
        case ENOSPC, EDQUOT: "free some space"
        case EACCES, EPERM: "check its permissions"
        case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
        default: nil
        }
    }
}
