import Console
import OptionWords
import SystemPackage
import TestSupport

/// A page of docs/ that is made from tables in the code, in whole or in part, or a picture made from a snapshot.
struct Page: Sendable {
    /// Where it is in the repository.
    let path: String
    private let make: @Sendable (_ page: String, _ repository: FilePath) throws -> String

    /// All of them.
    static let all = [
        Page(path: "docs/keys.md") { _, _ in KeysDocument.text },
        Page(path: "docs/console.md") { page, _ in try fill("flags", of: page, with: KeysDocument.flags) },
        Page(path: "docs/events.md") { _, _ in try EventsDocument.text() },
        Page(path: "docs/conformance.md") { _, repository in
            try ConformanceDocument(tests: repository.appending("Tests")).text
        },
        Page(path: "docs/pack.md") { page, _ in
            try fill("settings", of: fill("flags", of: page, with: PackFlag.table), with: Setting.table)
        },
        Page(path: "docs/security.md") { page, _ in try fill("proof", of: page, with: SecurityDocument.text) },
        picture("build", "Build after a change of one line: mix compiled one file, and only the layer release is new"),
        picture("stop", "Build after an error: the source around the line, why, what to try, and the keys"),
        picture("treemap", "Image: the layers with their sizes, and a treemap of the files in them"),
        picture("project", "Project: what mixpack found out about an umbrella before it builds it"),
    ]

    /// A picture in docs/images, from the snapshot of the scene `picture-NAME`.
    private static func picture(_ name: String, _ title: String) -> Page {
        Page(path: "\(ScreenPicture.folder)/\(name).svg") { _, repository in
            let snapshot = repository.appending("Tests/ConsoleTests/Snapshots/ScreenTests/picture-\(name).txt")
            return try ScreenPicture(of: snapshot.readText(), title: title).svg
        }
    }

    /// How the page in the repository differs from what it should be; `nil` where it does not.
    func difference(in repository: FilePath) throws -> String? {
        let (now, wanted) = try texts(in: repository)
        return now == wanted ? nil : lineDifference(from: now, to: wanted)
    }

    /// Writes the page; returns whether that changed it.
    func write(in repository: FilePath) throws -> Bool {
        let (now, wanted) = try texts(in: repository)
        if now != wanted { try file(in: repository).write(wanted) }
        return now != wanted
    }

    private func texts(in repository: FilePath) throws -> (now: String, wanted: String) {
        let file = file(in: repository)
        let now = file.isThere ? try file.readText() : ""
        return (now, try make(now, repository))
    }

    private func file(in repository: FilePath) -> FilePath {
        repository.appending(FilePath(path).components)
    }

    /// The page with another text between its two lines `<!-- name -->`.
    private static func fill(_ name: String, of page: String, with text: String) throws -> String {
        let mark = "<!-- \(name) -->\n"
        let parts = page.components(of: mark)
        guard parts.count == 3 else {
            throw TestSupportError("the page needs two lines \(mark.dropLast()), and has \(parts.count - 1)")
        }
        return [parts[0], text, parts[2]].joined(separator: mark)
    }
}

extension String {
    fileprivate func components(of separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
