import Builders
import Diagnostics
import Files
import Lifecycle
import TestSupport
import Testing

/// mixpack's own lifecycle, from the folder that is installed with it.
struct LifecycleProgramsTests {
    @Test func saysWhatIsMissing() throws {
        try withTemporaryFolder { folder in
            let place = folder.appending("lifecycle")
            let none = #expect(throws: Failure.self) { try LifecyclePrograms(own: place, version: "1") }
            #expect(none?.code == .usage && none?.advice?.contains("make release") == true)
            for name in ["creator", "rebaser"] { try place.appending(name).write("#!/bin/sh\n", mode: 0o755) }
            let one = #expect(throws: Failure.self) { try LifecyclePrograms(own: place, version: "1") }
            #expect(one?.message.contains("launcher") == true)
            try place.appending("launcher").write("#!/bin/sh\n", mode: 0o755)
            let programs = try LifecyclePrograms(own: place, version: "1")
            #expect(programs.facts.version == ReferenceLifecycle.version)
            #expect(programs.facts.platformAPIs.supported.last == "0.15")
            #expect(programs.facts.buildpackAPIs.contains(APIVersion.supported.upperBound))
            #expect(programs.foreignProgram == nil)
        }
    }

    @Test func seesAnotherProcessor() throws {
        try withTemporaryFolder { folder in
            for name in ["creator", "rebaser", "launcher"] { try folder.appending(name).write("#!/bin/sh\n") }
            // An ELF header of RISC-V.
            let head: [UInt8] =
                [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + Array(repeating: 0, count: 9) + [2, 0, 243, 0, 1, 0, 0, 0]
            try folder.appending("launcher").replace(with: head)
            #expect(try LifecyclePrograms(own: folder, version: "1").foreignProgram == "launcher")
        }
    }
}
