import Glibc

/// A moment by the clock on the wall, to the microsecond.
package struct LocalTime: Sendable, Hashable, CustomStringConvertible {
    private let seconds: Int
    private let microseconds: Int

    /// A moment, in seconds and microseconds since 1970.
    package init(seconds: Int, microseconds: Int) {
        self.seconds = seconds
        self.microseconds = microseconds
    }

    /// This moment.
    package static func now() -> LocalTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return LocalTime(seconds: time.tv_sec, microseconds: time.tv_nsec / 1000)
    }

    /// `2026/11/27 09:03:20.000000`, in the machine's time zone.
    package var description: String {
        var time = time_t(seconds)
        var parts = tm()
        localtime_r(&time, &parts)
        func digits(_ number: Int, _ count: Int = 2) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)].map { digits($0) }
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { digits(Int($0)) }
        return date.joined(separator: "/") + " " + clock.joined(separator: ":") + "." + digits(microseconds, 6)
    }
}
