import Diagnostics
import Files
import SystemPackage

/// A change of a project's mix.exs that is proposed: it can be shown first, and written on a yes.
package struct MixFileEdit: Sendable, Hashable {
    package let path: FilePath
    /// The change as a unified diff.
    package let difference: String
    private let before: [UInt8]
    private let after: [UInt8]

    /// Proposes a `releases:` entry for an umbrella that has none.
    /// - Throws: `Failure` when the file cannot be read, has releases, or is written in a way that cannot be edited; the
    ///   advice then has the entry to paste.
    package init(addingReleaseTo project: MixProject, in folder: FilePath) throws(Failure) {
        path = folder.appending("mix.exs")
        before = try Self.bytes(path)
        let snippet = ReleaseSnippet(project)
        guard MixFile(before).project["releases"] == nil else {
            throw Failure(.cannotPlan, "mix.exs has releases already", at: Place("mix.exs"))
        }
        guard let edited = ReleaseInsertion(before).adding(snippet),
            MixFile(edited).project["releases"]?.pairs.map(\.key) == [snippet.name]
        else {
            throw Failure(
                .cannotPlan, "mix.exs is written in a way that mixpack does not edit", at: Place("mix.exs"),
                advice: "add to project in mix.exs:\n\n" + snippet.text)
        }
        after = edited
        difference = LineDifference(
            before: String(decoding: before, as: UTF8.self), after: String(decoding: edited, as: UTF8.self)
        ).text(file: "mix.exs")
    }

    /// Writes the change, if the file is still what the change was made for.
    /// - Throws: `Failure` when it is not, or cannot be written.
    package func write() throws(Failure) {
        guard try Self.bytes(path) == before else {
            throw Failure(.cannotPlan, "mix.exs was changed meanwhile: nothing was written", at: Place("mix.exs"))
        }
        // In place: the file keeps its owner, its mode, and the links that lead to it.
        do {
            let file = try FileDescriptor.open(path, .writeOnly, options: [.closeOnExec])
            try file.closeAfter {
                _ = try file.writeAll(after)
                try file.resize(to: Int64(after.count))
            }
        } catch {
            throw Failure(.cannotPlan, "cannot write \(path): \(error)", at: Place("mix.exs"))
        }
    }

    private static func bytes(_ path: FilePath) throws(Failure) -> [UInt8] {
        do {
            return try ProjectFile.bytes(path)
        } catch {
            throw Failure(.cannotPlan, "cannot read \(path): \(error)", at: Place("mix.exs"))
        }
    }
}
