import Glibc
import SystemPackage
import TestSupport

/// Writes the generated pages and pictures of docs/; with `--check` it only says which of them are out of date.
@main struct DocumentWriter {
    /// The command that writes the pages.
    static let command = "make docs"

    static func main() {
        let words = CommandLine.arguments.dropFirst()
        guard words.isEmpty || words.elementsEqual(["--check"]) else {
            tell("usage: mixpack-docs [--check]")
            exit(3)
        }
        do {
            let repository = try repositoryFolder()
            if words.isEmpty {
                for page in Page.all where try page.write(in: repository) { print("wrote \(page.path)") }
            } else {
                let stale = try complaints(in: repository)
                stale.forEach(tell)
                exit(stale.isEmpty ? 0 : 1)
            }
        } catch {
            tell("error: \(error)")
            exit(1)
        }
    }

    /// What to say about each page that is out of date.
    static func complaints(in repository: FilePath, pages: [Page] = Page.all) throws -> [String] {
        try pages.compactMap { page in
            try page.difference(in: repository).map { "\(page.path) is out of date: \(command) writes it\n\($0)" }
        }
    }

    private static func tell(_ text: String) {
        _ = try? FileDescriptor.standardError.writeAll("\(text)\n".utf8)
    }
}
