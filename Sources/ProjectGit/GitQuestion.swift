import Digests
import SystemPackage

/// A call of git by the project's code: the words after `git`, and the folder on the machine.
package struct GitQuestion: Sendable, Hashable, Codable {
    package var arguments: [String]
    /// The folder that the call was made in, as it is on the machine.
    package var folder: String

    package init(_ arguments: [String], in folder: FilePath) {
        self.arguments = arguments
        self.folder = folder.string
    }
}

/// What git said, or why it was not asked.
package struct GitAnswer: Sendable, Hashable {
    package var status: Int32
    package var output: [UInt8] = []
    package var errors: [UInt8] = []
    /// Why the call was refused; the user is warned of it.
    package var refusal: String?

    /// git's own words for a folder that is in no repository.
    static let noRepository = GitAnswer(
        status: 128, errors: Array("fatal: not a git repository (or any of the parent directories): .git\n".utf8))

    static func refused(_ reason: String) -> GitAnswer {
        GitAnswer(status: 128, errors: Array("mixpack: \(reason)\n".utf8), refusal: reason)
    }

    func hash(_ hash: KeyedHash) -> String {
        let head = "\(status) \(output.count) \(errors.count)\n"
        return Hex.text(hash.hash(of: Array(head.utf8) + output + errors))
    }
}

/// What a project's code asked git, and hashes of the answers.
package struct GitRecord: Sendable, Hashable, Codable {
    package struct Entry: Sendable, Hashable, Codable {
        package var question: GitQuestion
        var hash: String
        package var refusal: String?
    }

    /// What tells the answers that the last build began with from others.
    package var token = ""
    package var entries: [Entry] = []
    /// A hash of the files that say what is checked out, if the code names them.
    package var files: String?

    package init() {}

    /// Keeps an answer.
    /// - Returns: whether that is new.
    mutating func note(_ question: GitQuestion, _ answer: GitAnswer, _ hash: KeyedHash) -> Bool {
        let entry = Entry(question: question, hash: answer.hash(hash), refusal: answer.refusal)
        guard let index = entries.firstIndex(where: { $0.question == question }) else {
            entries.append(entry)
            return true
        }
        guard entries[index] != entry else { return false }
        entries[index] = entry
        return true
    }
}
