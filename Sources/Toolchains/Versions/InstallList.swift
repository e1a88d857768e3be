/// A list of the versions of Hex or rebar3 that there are for versions of Elixir: `installs/hex-1.x.csv` and the like.
///
/// A line is `version,sha512,elixir`, and since Elixir 1.18 also the OTP major: `2.2.1,<sha512>,1.18.0,27`.
package struct InstallList: Sendable, Hashable {
    package struct Row: Sendable, Hashable {
        package var version: String
        /// The SHA-512 of the file, in hexadecimal digits.
        package var digest: String
        /// The Elixir that it was made with; it runs with that and with newer ones.
        package var elixir: String
        /// The OTP major that it was made with, where the list says so; it runs with that and with newer ones.
        package var otpMajor: Int?
    }

    package let rows: [Row]

    /// Reads a list; `nil` for a text that is none, such as an error page.
    package init?(_ text: String) {
        var rows: [Row] = []
        for line in text.split(whereSeparator: \.isNewline) where !line.allSatisfy(\.isWhitespace) {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            guard (3...4).contains(fields.count), fields[1].utf8.count == 128,
                ElixirVersion(fields[0]) != nil, ElixirVersion(fields[2]) != nil
            else { return nil }
            let otp = fields.count == 4 ? fields[3].filter { !$0.isWhitespace } : ""
            if !otp.isEmpty, Int(otp) == nil { return nil }
            rows.append(
                Row(
                    version: String(fields[0]), digest: String(fields[1]), elixir: String(fields[2]), otpMajor: Int(otp)
                ))
        }
        if rows.isEmpty { return nil }
        self.rows = rows
    }

    /// The newest version that runs with an Elixir and an OTP, made for the nearest of them.
    package func newest(elixir: String, otpMajor: Int) -> Row? {
        guard let installed = ElixirVersion(elixir) else { return nil }
        return rows.compactMap { row -> (Row, ElixirVersion, ElixirVersion)? in
            guard let version = ElixirVersion(row.version), let made = ElixirVersion(row.elixir) else { return nil }
            let fits = made <= installed && (row.otpMajor ?? 0) <= otpMajor && version.preRelease.isEmpty
            return fits ? (row, version, made) : nil
        }
        .max { one, other in
            if one.1 != other.1 { return one.1 < other.1 }
            if one.2 != other.2 { return one.2 < other.2 }
            return (one.0.otpMajor ?? 0) < (other.0.otpMajor ?? 0)
        }?.0
    }
}
