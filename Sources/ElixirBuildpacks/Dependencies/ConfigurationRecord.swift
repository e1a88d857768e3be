import Digests
import SystemPackage

/// What the project's configuration sets for each application, and the values that dependencies may be given.
struct ConfigurationRecord {
    enum Kind: String {
        case data
        /// Functions and the like, which cannot leave the VM that made them.
        case code
        /// A value holds a secret's.
        case secret
    }

    /// By application: the digest of its values if they are data, and what they are.
    let applications: [String: (digest: String, kind: Kind)]
    /// The folder with the values of kind `data`, each an Erlang term in a file named by its digest; `nil` where they were not
    /// read.
    let values: FilePath?

    /// - Parameter text: lines of an application, a digest, and a kind.
    /// - Returns: `nil` for any other text.
    init?(text: String, values: FilePath?) {
        var applications: [String: (digest: String, kind: Kind)] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            // The name goes into source.
            guard words.count == 3, let kind = Kind(rawValue: String(words[2])),
                words[0].wholeMatch(of: /[A-Za-z0-9_.@?!]+/) != nil
            else { return nil }
            applications[String(words[0])] = (String(words[1]), kind)
        }
        self.applications = applications
        self.values = values
    }

    /// The digests of the values of kind `data`.
    var digests: Set<String> { Set(applications.values.filter { $0.kind == .data }.map(\.digest)) }

    /// Whether the values of kind `data` are there, as they were read.
    var hasValues: Bool {
        guard let values else { return false }
        return digests.allSatisfy { (try? MessageDigest.hex(ofFile: values.appending($0))) == $0 }
    }

    /// The source of a configuration that sets the values of kind `data`.
    /// - Parameter folder: where it finds them.
    func source(valuesIn folder: String) -> String {
        let lines = applications.filter { $0.value.kind == .data }.sorted { $0.key < $1.key }.map { name, value in
            "config :\"\(name)\", :erlang.binary_to_term(File.read!(\"\(folder)/\(value.digest)\"))\n"
        }
        return "import Config\n\n" + lines.joined()
    }
}
