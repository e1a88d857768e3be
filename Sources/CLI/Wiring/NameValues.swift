import FoundationEssentials
import Lifecycle
import MixInspection
import OCIImage
import ProjectGit
import SystemPackage

/// What the fields of a name stand for in a project, now.
///
/// No program is started for it.
struct NameValues {
    let project: FilePath
    /// The release that is built; `nil` is the project's own.
    let release: String?
    let home: FilePath?
    let now: Date

    init(of project: FilePath, release: String?, machine: Machine, now: Date = Date()) {
        self.project = project.realPath ?? project
        self.release = release
        home = machine.environment["HOME"].map { FilePath($0) }
        self.now = now
    }

    /// The names of an image that templates make.
    /// - Throws: `Failure` of code `usage` that names a field without a value.
    func references(_ templates: [NameTemplate], of image: Reference) throws -> [Reference] {
        let fields = templates.reduce(into: Set<NameTemplate.Field>()) { $0.formUnion($1.fields) }
        let values = values(for: fields)
        return try templates.map { try $0.reference(values, of: image) }
    }

    /// The values of some fields; one that is not known is left out.
    func values(for fields: Set<NameTemplate.Field>) -> [NameTemplate.Field: String] {
        var values: [NameTemplate.Field: String] = [:]
        if fields.contains(.version) { values[.version] = version }
        if fields.contains(.date) { values[.date] = date }
        if !fields.isDisjoint(with: [.commit, .branch]), let head = GitFolder(of: project, home: home)?.head {
            values[.commit] = head.commit.map { String($0.prefix(12)) }
            values[.branch] = head.branch
        }
        return values
    }

    private var version: String? {
        guard let found = try? MixInspector.staticLook(project) else { return nil }
        return found.releases.first { $0.name == release }?.version ?? found.version
    }

    private var date: String {
        let parts = Calendar(identifier: .gregorian).dateComponents(in: .gmt, from: now)
        func digits(_ value: Int?, _ count: Int) -> String {
            let text = String(value ?? 0)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return digits(parts.year, 4) + digits(parts.month, 2) + digits(parts.day, 2)
    }
}
