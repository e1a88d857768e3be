import SystemPackage
import Text

/// A program of this machine that was asked for in the run image, and what came with it.
package struct RunProgram: Sendable, Hashable, Codable {
    /// The name that it was asked for by.
    package let name: String
    /// The version of the package that has it; `nil` if no package does.
    package let version: String?
    /// The packages that brought files, the program's own first.
    package let packages: [String]
    /// Whether one of them has the program itself.
    package let isPackaged: Bool
    /// What it adds to the run image, in bytes; what programs share counts for the first.
    package let size: Int64

    /// It in one line: `jq 1.6-2.1 (packages jq, libjq1 and libonig5; 1.2 MB)`.
    package var text: String {
        let title = [name, version].compactMap(\.self).joined(separator: " ")
        let source = isPackaged ? Self.list(packages) : "of no package: with its libraries alone"
        return "\(title) (\(source); \(Amount.bytes(size)))"
    }

    private static func list(_ packages: [String]) -> String {
        guard packages.count > 1, let last = packages.last else { return "package \(packages.joined())" }
        guard packages.count > 4 else {
            return "packages \(packages.dropLast().joined(separator: ", ")) and \(last)"
        }
        return "package \(packages[0]) and \(packages.count - 1) that it needs"
    }

    /// What cannot be known of a program that no package has.
    package var warning: String? {
        guard !isPackaged else { return nil }
        return "no package of this machine has \(name), so the run image gets only the libraries that its file names; "
            + "data and modules that it opens by itself may be missing"
    }
}
