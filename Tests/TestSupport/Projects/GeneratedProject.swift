public import SystemPackage

/// A mix application with many small modules, for measuring.
public struct GeneratedProject: Sendable {
    /// How many modules it has besides its application.
    public var modules: Int

    /// Creates one of 300 modules, as the figures are measured with.
    public init(modules: Int = 300) { self.modules = modules }

    /// Writes it into a folder.
    public func write(to folder: FilePath) throws {
        var project = MiniProject()
        project.app = "many"
        for number in 0..<modules { project.files["lib/many/part_\(number).ex"] = Self.module(number, edition: 0) }
        try project.write(to: folder)
    }

    /// Changes one line of one module; each edition is another text.
    public func edit(_ folder: FilePath, edition: Int) throws {
        try folder.appending("lib/many/part_7.ex").write(Self.module(7, edition: edition))
    }

    private static func module(_ number: Int, edition: Int) -> String {
        """
        defmodule Many.Part\(number) do
          @moduledoc "Part \(number) of many."

          def number, do: \(number)
          def edition, do: \(edition)

          def add(list) when is_list(list), do: Enum.map(list, &(&1 + \(number)))

          def describe(%{name: name, size: size}) do
            "part \(number): #{name} has #{size}"
          end

          def describe(_other), do: :unknown
        end

        """
    }
}
