import Toolchains

/// Several tasks of mix in one VM, as the words of one `mix do`.
struct TaskChain {
    /// The tasks in order, each with its arguments.
    let tasks: [[String]]

    /// The words for an Elixir: `+` between tasks from 1.14 on, where 1.19 warns of commas, which older ones need.
    func words(for elixirVersion: String) -> [String] {
        let needsCommas =
            ElixirVersion(elixirVersion).map { VersionRequirement("< 1.14.0")?.matches($0) == true } ?? false
        return tasks.dropLast().reduce(into: ["do"]) { words, task in
            words += needsCommas ? task.dropLast() + task.suffix(1).map { $0 + "," } : task + ["+"]
        } + (tasks.last ?? [])
    }
}
