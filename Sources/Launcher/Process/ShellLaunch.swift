/// Starts a process through bash, after the profile scripts of the layers and of the application.
struct ShellLaunch {
    private static let bash: ByteString = "/bin/bash"

    let process: LaunchProcess
    let environment: LaunchEnvironment
    let image: LaunchImage
    let launcherName: ByteString

    /// Becomes bash; returns only to throw.
    func run() throws(LaunchError) {
        let command = process.command.joined(by: " ")
        guard !command.isEmpty else { throw LaunchError(.launch, "the process has no command") }
        guard System.isExecutable(Self.bash) else {
            throw LaunchError(
                .launch,
                command + " needs a shell, and the image has no /bin/bash; put -- before the command to run it directly"
            )
        }
        let arguments: [ByteString] = ["bash", "-c", script, launcherName, command] + process.arguments
        do throws(SystemFailure) {
            try System.execute(Self.bash, arguments: arguments, environment: environment.variables.lines)
        } catch {
            throw LaunchError(.launch, "cannot run /bin/bash: " + error.text)
        }
    }

    /// Sources the profiles, goes to the process's folder and hands over to the command.
    private var script: ByteString {
        let sources = profiles.map { ("source " as ByteString) + Self.quoted($0) + "\n" }
        let folder = process.workingDirectory.isEmpty ? image.appDirectory : process.workingDirectory
        return sources.joined(by: "") + "cd " + Self.quoted(folder) + "\n" + handOver
    }

    /// Before Buildpack API 0.4, and without arguments, the command is a script; else each word is evaluated by itself.
    private var handOver: ByteString {
        let isScript = process.arguments.isEmpty || process.buildpack.map { $0.api < APIVersion(0, 4) } ?? false
        guard !isScript else { return "exec bash -c \"$@\"" }
        let words = process.arguments.indices.map { index in ByteString(" \"$(eval echo \\\"${\(index + 1)}\\\")\"") }
        return ("exec bash -c '\"$(eval echo \\\"$0\\\")\"" as ByteString) + words.joined(by: "") + "' \"${@:1}\""
    }

    private var profiles: [ByteString] {
        var profiles: [ByteString] = []
        for buildpack in image.metadata.buildpacks {
            for layer in image.layers(of: buildpack) {
                profiles += System.files(in: layer + "/profile.d")
                if let type = process.type { profiles += System.files(in: layer + "/profile.d/" + type) }
            }
        }
        let own = image.appDirectory + "/.profile"
        return System.isFile(own) ? profiles + [own] : profiles
    }

    private static func quoted(_ path: ByteString) -> ByteString {
        ("'" as ByteString) + path.split(by: .apostrophe).joined(by: "'\\''") + "'"
    }
}
