import Diagnostics
import TestSupport
import Testing

@testable import CLI

@Suite("Help and manual")
struct HelpTests {
    private func help(_ words: String...) throws -> String {
        try #require(try HelpRequest(words)?.text())
    }

    @Test(
        "what most days need fits a terminal of 80 columns and 24 rows",
        arguments: [
            ["help"], ["--help"], ["help", "build"], ["build", "x", "-h"], ["help", "console"], ["inspect", "--help"],
        ])
    func fits(_ words: [String]) throws {
        let lines = try #require(try HelpRequest(words)?.text()).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 24, "\(lines.count) rows")
        #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
        #expect(lines.contains { $0.hasPrefix("Usage: mixpack ") })
    }

    @Test("help shows the daily options and says how to get the rest; --help-all shows all, and no line is too long")
    func daily() throws {
        let short = try help("help", "build")
        #expect(short.contains("--release <name>") && !short.contains("--registry-ca"))
        #expect(short.contains("mixpack build --help-all lists all"))
        let long = try help("build", "--help-all")
        let build = try #require(try CommandDescription.program()["build"])
        for option in build.sections.flatMap(\.options) {
            #expect(long.contains(option.spellings.last ?? "?"), "\(option.plainName)")
        }
        #expect(long.contains("Commands for pack work too"))
        let names = try #require(long.firstRange(of: "Options of most days:"))
        let release = try #require(long.firstRange(of: "--release <name>"))
        let distribution = try #require(long.firstRange(of: "--distribution <profile>"))
        #expect(names.lowerBound < release.lowerBound && release.lowerBound < distribution.lowerBound)
        #expect(long.ranges(of: "--release <name>").count == 1)
        #expect(long.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(try help("help", "build", "--help-all") == long)
        #expect(try help("help", "--all").contains("62 export failed"))
    }

    @Test("every daily option exists")
    func names() throws {
        let program = try CommandDescription.program()
        for (name, daily) in [
            ("build", BuildCommand.dailyOptions), ("console", ConsoleCommand.dailyOptions),
            ("inspect", InspectCommand.dailyOptions),
        ] {
            let known = Set(try #require(program[name]).sections.flatMap(\.options).map(\.plainName))
            #expect(daily.isSubset(of: known), "\(daily.subtracting(known))")
        }
    }

    @Test("an unknown command is refused with the nearest one", arguments: [["help", "biuld"], ["biuld", "--help"]])
    func unknown(_ words: [String]) throws {
        let error = #expect(throws: Failure.self) { _ = try HelpRequest(words) }
        #expect(error?.code == .usage)
        #expect(error?.advice?.contains("build?") == true, "\(String(describing: error))")
        #expect(NearestCommand.advice(for: "hel") == "did you mean mixpack help?")
    }

    @Test(
        "words that only look like a request for help are none",
        arguments: [
            ["shell", "--", "mix", "--help"], ["---completion", "build", "--", "positional@0", "--help"],
            ["build", "help"],
            [], ["detect", "--json"],
        ])
    func others(_ words: [String]) throws {
        #expect(try HelpRequest(words) == nil)
    }

    @Test("the manual page has every command, argument and option, and none of its lines is a command by accident")
    func manual() throws {
        let program = try CommandDescription.program()
        let page = ManualPage(program: program, version: "1.2.3").text
        #expect(page.hasPrefix(".TH MIXPACK 1 \"\" \"mixpack 1.2.3\""))
        func check(_ command: CommandDescription, _ name: String) {
            #expect(page.contains(".SS \(name)"), "\(name)")
            for option in command.sections.flatMap(\.options).filter({ $0.plainName != "version" }) {
                let spelling = (option.spellings.last ?? "?").replacing("-", with: "\\-")
                #expect(page.contains("\\fB\(spelling)\\fR"), "\(spelling)")
            }
            for inner in command.commands { check(inner, "\(name) \(inner.commandName)") }
        }
        #expect(program.commands.count > 8)
        for command in program.commands { check(command, "mixpack \(command.commandName)") }
        let macros: Set = [".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".BR", ".br"]
        let strange = page.split(separator: "\n").filter { line in
            (line.hasPrefix(".") || line.hasPrefix("'")) && !macros.contains(String(line.prefix { $0 != " " }))
        }
        #expect(strange.isEmpty, "\(strange)")
    }
}
