import Diagnostics
import Files
import Lifecycle
import OCIImage
import Reports
import SystemPackage
import TOMLCoding

/// report.toml of the CNB Platform specification: the image's names and digests, for programs.
struct ReportFile: Reporter {
    private let file: FilePath
    private let names: [String]

    /// Makes the folder; the report of an earlier build goes.
    /// - Parameter names: the names that the image gets.
    /// - Throws: `Failure` of code `usage` if there can be no such folder.
    init(in folder: FilePath, names: [Reference]) throws {
        do {
            try folder.makeFolders(mode: 0o755)
            file = folder.appending("report.toml")
            try file.remove()
        } catch {
            throw error.failing("--report-output-dir \(folder)", as: .usage)
        }
        self.names = names.map(\.fullName)
    }

    mutating func handle(_ event: LifecycleEvent) {
        guard case .finished(let report) = event.kind else { return }
        do {
            try write(report.pushed?.first, else: report.manifestDigest, imageID: report.imageID)
        } catch {
            StandardError.write("warning: cannot write \(file): \(error.message)")
        }
    }

    /// Writes the report of a rebased image.
    func write(image: Image, pushed: [BuildReport.Pushed]) throws(Failure) {
        try write(pushed.first, else: image.digest, imageID: image.id)
    }

    /// One line alone has the word digest in it, because scripts of Tekton cut it out by that.
    private func write(_ pushed: BuildReport.Pushed?, else digest: Digest, imageID: Digest) throws(Failure) {
        var image: TOMLTable = ["tags": .strings(names), "digest": .string("\(pushed?.digest ?? digest)")]
        image.set("manifest-size", pushed?.manifestSize.map { .integer($0) })
        image.set("image-id", .string("\(imageID)"))
        let text = TOMLWriter.text(of: ["image": .table(image)])
        try file.replace(with: text.utf8, mode: [.ownerReadWrite, .groupRead, .otherRead])
    }
}
