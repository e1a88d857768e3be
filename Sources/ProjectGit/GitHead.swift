import Files
import SystemPackage

/// What a repository has checked out, read from its files: no git runs.
package struct GitHead: Sendable, Hashable {
    /// The branch; `nil` if a commit is checked out without one.
    package let branch: String?
    /// The commit, in hexadecimal; `nil` on a branch without commits.
    package let commit: String?
}

extension GitFolder {
    /// What is checked out; `nil` if HEAD cannot be read.
    package var head: GitHead? {
        guard let line = Self.line(of: own.appending("HEAD")) else { return nil }
        guard line.hasPrefix("ref: ") else { return GitHead(branch: nil, commit: Self.commit(line)) }
        let name = String(line.dropFirst("ref: ".count))
        let heads = "refs/heads/"
        // What is not a branch could lead anywhere.
        guard name.hasPrefix(heads), !name.split(separator: "/").contains("..") else { return nil }
        let loose = Self.line(of: common.appending(FilePath(name).components)).flatMap(Self.commit)
        return GitHead(branch: String(name.dropFirst(heads.count)), commit: loose ?? packed(name))
    }

    private func packed(_ name: String) -> String? {
        guard let bytes = try? common.appending("packed-refs").bytes(limit: 16 << 20) else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            if words.count == 2, words[1] == name { return Self.commit(String(words[0])) }
        }
        return nil
    }

    private static func line(of file: FilePath) -> String? {
        guard let bytes = try? file.bytes(limit: 4096) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init)
    }

    private static func commit(_ text: String) -> String? {
        text.utf8.count >= 40 && text.allSatisfy(\.isHexDigit) ? text : nil
    }
}
