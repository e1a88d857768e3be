import Diagnostics
import Lifecycle
import MixInspection
import Text

/// What the linear console says of things: whole words, a fact a line.
enum LinearText {
    /// What the project is, what was found, what each buildpack would do, and the problems with what to do.
    static func project(_ inspection: ProjectInspection?) -> [String] {
        guard let inspection else { return ["nothing is known of the project"] }
        var lines = ["", "Step 1, project: \(inspection.path)"]
        if let project = inspection.project { lines += facts(project) } else { lines.append("no mix project here") }
        lines += inspection.versions.map(text)
        let names = ShortNames(inspection.buildpacks.map(\.id))
        lines += inspection.buildpacks.map { "buildpack \(names[$0.id]) \($0.version): \($0.purpose)" }
        lines.append(
            inspection.engine.map { "container engine: \($0)" }
                ?? "container engine: none answers\(inspection.engineAdvice.map { "; \($0)" } ?? "")")
        return lines + ProjectRows.findings(inspection).flatMap { text($0.finding) }
    }

    private static func facts(_ project: MixProject) -> [String] {
        let name = [project.app, project.version].compactMap { $0 }.joined(separator: " ")
        var lines = ["it is: \(ProjectRows.kind(of: project))\(name.isEmpty ? "" : ", \(name)")"]
        for child in project.children {
            let facts = [
                child.version, child.usesPhoenix ? "Phoenix" : nil, child.hasAssets ? "assets" : nil,
                child.hasNativeCode ? "native code" : nil, child.hasApplicationCallback ? nil : "library",
            ].compactMap { $0 }
            lines.append("application \(child.name) in \(child.path): \(facts.joined(separator: ", "))")
        }
        return lines
    }

    private static func text(_ version: ProjectInspection.Version) -> String {
        let wanted = version.required.map { ", wanted \($0)\(version.requiredBy.map { " by \($0)" } ?? "")" } ?? ""
        let verdict = version.isSatisfied ? "" : ": this does not fit"
        return "\(version.tool): \(version.found ?? "missing")\(wanted)\(verdict)"
    }

    private static func text(_ finding: Diagnostic) -> [String] {
        let place = finding.file.map { file in finding.line.map { "\(file) line \($0): " } ?? "\(file): " } ?? ""
        return ["\(finding.severity.rawValue): \(place)\(finding.text)"]
            + (finding.advice.map { ["  try: \($0)"] } ?? [])
    }

    /// A release as a choice.
    static func release(_ release: MixRelease, isDefault: Bool) -> String {
        let applications = release.applications.map(\.name).joined(separator: ", ")
        return [
            [release.name, release.version].compactMap(\.self).joined(separator: " "), isDefault ? "the default" : nil,
            applications.isEmpty ? nil : "with \(applications)",
        ].compactMap { $0 }.joined(separator: ", ")
    }

    /// A variable as a choice, with its state but never a secret value.
    static func variable(_ row: SecretRow) -> String {
        let value =
            row.value == nil
            ? row.isMissing ? "not set" : row.shown
            : row.isSecret ? "set, \(row.value?.count ?? 0) characters" : row.shown
        let phase = row.identity.phase == .build ? "read while building" : "read when the container starts"
        return "\(row.name), \(phase), \(SecretAdvice.need(of: row)): \(value)"
    }

    /// The layers of an image, each in a sentence.
    static func layers(of image: ImageContents) -> [String] {
        let names = ShortNames(of: image.layers.map(\.summary))
        return image.layers.map { layer($0, names) }
    }

    private static func layer(_ layer: ImageContents.Layer, _ names: ShortNames) -> String {
        let state = layer.isReused.map { $0 ? "reused" : "new" }
        return [
            layer.name, layer.buildpack.map { "by \(names[$0])" }, Amount.bytes(layer.size), state,
            layer.reason.map { "because: \($0)" },
        ].compactMap { $0 }.joined(separator: ", ")
    }

    static func package(_ package: ImagePackage) -> String {
        [package.name, package.version, package.origin, package.summary].filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
