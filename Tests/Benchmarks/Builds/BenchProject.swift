import SystemPackage
import TestSupport

/// A project that is built again and again.
struct BenchProject {
    var name: String
    var folder: FilePath
    /// Changes one line; each edition is another text.
    var edit: (Int) throws -> Void

    /// The small sample.
    static func hello(in folder: FilePath) throws -> BenchProject {
        let hello = folder.appending("hello")
        try SampleProject.hello.copy(to: hello)
        let source = hello.appending("lib/hello.ex")
        let text = try source.readText()
        return BenchProject(name: "hello", folder: hello) { edition in
            try source.write(text + "\ndefmodule Hello.Edition do\n  def number, do: \(edition)\nend\n")
        }
    }

    /// A generated project of 300 modules.
    static func many(in folder: FilePath) throws -> BenchProject {
        let many = folder.appending("many")
        let generated = GeneratedProject(modules: 300)
        try generated.write(to: many)
        return BenchProject(name: "many", folder: many) { try generated.edit(many, edition: $0) }
    }
}

extension [BenchProject] {
    /// The projects that figures are given for.
    static func samples(in folder: FilePath) throws -> [BenchProject] {
        [try .hello(in: folder), try .many(in: folder)]
    }
}
