public import SystemPackage

/// A small mix application, written for a test.
public struct MiniProject: Sendable {
    /// The application's name.
    public var app = "mini"
    /// Its version.
    public var version = "0.1.0"
    /// What follows the usual keys of `project/0`, for example `, releases: [a: []]`.
    public var projectKeys = ""
    /// The dependencies, as Elixir writes them.
    public var dependencies = "[]"
    /// The `elixir:` requirement.
    public var elixir = "~> 1.14"
    /// What stands before the module in mix.exs.
    public var preamble = ""
    /// Whether it has an application that starts a process.
    public var hasCallback = true
    /// More files, by path.
    public var files: [String: String] = [:]

    /// Creates an application with a callback and no dependencies.
    public init() {}

    /// Writes it into a folder.
    public func write(to folder: FilePath) throws {
        try folder.appending("mix.exs").write(mixFile)
        try folder.appending("lib/\(app).ex").write(module)
        for (path, text) in files { try folder.appending(path).write(text) }
    }

    private var moduleName: String {
        app.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    private var mixFile: String {
        """
        \(preamble)
        defmodule \(moduleName).MixProject do
          use Mix.Project

          def project do
            [app: :\(app), version: "\(version)", elixir: "\(elixir)", deps: \(dependencies)\(projectKeys)]
          end

          def application do
            [extra_applications: [:logger]\(hasCallback ? ", mod: {\(moduleName), []}" : "")]
          end
        end

        """
    }

    private var module: String {
        """
        defmodule \(moduleName) do
          use Application

          def start(_type, _arguments) do
            Supervisor.start_link([], strategy: :one_for_one, name: \(moduleName).Supervisor)
          end

          def greeting, do: "hello"
        end

        """
    }
}
