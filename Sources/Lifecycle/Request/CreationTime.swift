import Diagnostics
import FoundationEssentials

/// The time that an image says it was made at.
package enum CreationTime: Sendable, Hashable, Encodable {
    /// 1980-01-01T00:00:01Z: every image made from the same things is the same.
    case fixed
    /// A time that the user gives, as seconds since 1970.
    case seconds(Int64)
    /// When the image is made. A build that finds nothing changed leaves the image as it is.
    case now

    /// The variable by which tools agree on a time ([reproducible-builds.org](https://reproducible-builds.org/specs/source-date-epoch/)).
    package static let variable = "SOURCE_DATE_EPOCH"

    /// Reads `now`, or seconds since 1970.
    /// - Throws: `Failure` of code `usage`.
    package init(_ text: String) throws(Failure) {
        if text == "now" {
            self = .now
            return
        }
        // What RFC 3339 can write: up to the year 9999.
        guard let seconds = Int64(text), (0...253_402_300_799).contains(seconds) else {
            throw Failure(
                .usage, "\(text) is neither \"now\" nor a number of seconds since 1970",
                advice: "for example \"$(git log -1 --format=%ct)\"")
        }
        self = .seconds(seconds)
    }

    /// The time as RFC 3339 has it.
    /// - Parameter clock: tells the seconds since 1970.
    func text(_ clock: () -> Int64) -> String {
        switch self {
        case .fixed: Self.fixedText
        case .seconds(let seconds): Self.text(of: seconds)
        case .now: Self.text(of: clock())
        }
    }

    package static let fixedText = "1980-01-01T00:00:01Z"

    private static func text(of seconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}
