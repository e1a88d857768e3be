import Files
import Reports
import SystemPackage

/// A step of GitHub Actions around a build: where its repository is, and the files that its runner names.
struct WorkflowSurroundings {
    let machine: Machine
    let project: FilePath

    /// A reporter for the step.
    func reporter(to sink: TextSink, showsCommands: Bool) -> WorkflowReporter {
        WorkflowReporter(
            to: sink, folder: folder,
            files: WorkflowReporter.StepFiles(
                summary: appending("GITHUB_STEP_SUMMARY"), outputs: appending("GITHUB_OUTPUT")),
            showsCommands: showsCommands)
    }

    /// The project's folder in the repository; empty for the repository itself, or if the project is somewhere else.
    private var folder: String {
        guard let repository = machine.environment["GITHUB_WORKSPACE"].map({ FilePath($0) }),
            var path = project.realPath, let root = repository.realPath, path.removePrefix(root)
        else { return "" }
        return path.string
    }

    /// The end of a file that a variable names.
    private func appending(_ variable: String) -> TextSink? {
        guard let path = machine.environment[variable], !path.isEmpty else { return nil }
        return TextSink(appendingTo: FilePath(path))
    }
}
