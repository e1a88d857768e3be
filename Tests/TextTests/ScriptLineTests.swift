import Testing
import Text

@Suite("The first line of a script")
struct ScriptLineTests {
    @Test(
        "it names the program and its argument",
        arguments: [
            ("#!/bin/sh\necho", "/bin/sh", "", nil, false), ("#! /bin/sh -e\r\nx", "/bin/sh", "-e", nil, true),
            ("#!/usr/bin/env bash", "/usr/bin/env", "bash", "bash", false),
            ("#!/usr/bin/env -S perl -w\n", "/usr/bin/env", "-S perl -w", "perl", false), ("#!\r\n", "", "", nil, true),
        ] as [(String, String, String, String?, Bool)])
    func scripts(text: String, interpreter: String, argument: String, searched: String?, endsWithReturn: Bool) throws {
        let line = try #require(ScriptLine(text.utf8))
        #expect(line.interpreter == interpreter)
        #expect(line.argument == argument)
        #expect(line.searchedProgram == searched)
        #expect(line.endsWithReturn == endsWithReturn)
    }

    @Test("other files are no scripts", arguments: ["", "#", "echo\n#!/bin/sh\n", "\u{FEFF}#!/bin/sh\n", "\u{7F}ELF"])
    func others(text: String) { #expect(ScriptLine(text.utf8) == nil) }
}
