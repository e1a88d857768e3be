import OptionWords
import Testing

@Suite("The tables of flags and settings")
struct TableTests {
    @Test(
        "no flag of a command is in the table twice, by its long or its short name",
        arguments: PackFlag.Command.allCases)
    func unique(command: PackFlag.Command) {
        let flags = PackFlag.all.filter { $0.commands.contains(command) }
        let names = flags.map(\.name) + flags.compactMap { $0.short.map(String.init) }
        #expect(Set(names).count == names.count, "\(names.sorted())")
        for flag in flags { #expect(PackFlag.find(flag.name, in: command) == flag) }
    }

    @Test("no setting has a flag or a key of another one")
    func settings() {
        let flags = Setting.all.flatMap(\.flags)
        #expect(Set(flags).count == flags.count)
        #expect(Set(Setting.configurationKeys).count == Setting.configurationKeys.count)
        #expect(
            Setting.projectKeys(in: "mixpack").sorted() == [
                "annotations", "assets", "health-check", "labels", "run-programs", "tags", "tools",
            ])
        #expect(Setting.projectKeys(in: "io.buildpacks.build") == ["env"])
    }

    @Test("what a flag that does nothing says, and what an error advises, is one line without a full stop")
    func words() {
        let texts = PackFlag.all.flatMap { [$0.meaning] + $0.byValue.values }.compactMap { meaning -> String? in
            switch meaning {
            case .works: nil
            case .needless(let text), .refused(let text): text
            }
        }
        #expect(texts.allSatisfy { !$0.isEmpty && !$0.contains("\n") && !$0.hasSuffix(".") })
        #expect(PackFlag.table.split(separator: "\n").count == PackFlag.all.count + 2)
    }
}
