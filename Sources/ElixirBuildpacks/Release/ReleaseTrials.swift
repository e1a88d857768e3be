import BuildpackAPI
import MixInspection

/// How a finished release is tried: `version`, and a start; both with made-up values for the variables that they need.
struct ReleaseTrials {
    let name: String
    let version: String
    /// What starts it: the program and its arguments.
    let start: [String]
    let required: [String]
    /// The variables that the user gave and that are no secrets: the start gets them as they are.
    let given: [String: String]

    var all: [Trial] {
        let program = "/layers/\(BuildpackID.mixRelease)/release/bin/\(name)"
        let scripts = ["bin/\(name)", "releases/\(version)/env.sh", "releases/start_erl.data"]
        return [
            Trial(
                "version", .always, command: [program, "version"], environment: values, emulation: Self.emulation,
                madeUp: missing, files: scripts.map { "release/\($0)" }),
            Trial(
                "start", .asked, command: start, environment: startValues, emulation: Self.emulation, madeUp: missing,
                seconds: 30),
        ]
    }

    /// qemu's compiler and the VM's get on where the VM keeps its code in two places, as it does for perf.
    private static let emulation = ["ERL_ZFLAGS": "+JPperf true"]

    private var missing: [String] { required.filter { given[$0] == nil }.sorted() }

    private var values: [String: String] {
        given.merging(missing.map { ($0, MadeUpValue.value(for: $0)) }) { $1 }
    }

    private var startValues: [String: String] {
        var values = values
        // Stops the release half a second after everything in it has been started, so that it ends with status 0.
        values["ERL_AFLAGS"] = "-eval 'timer:apply_after(500,init,stop,[])'"
        // A dump is what the VM waits for before it dies: without one, the last words often do not get out.
        values["ERL_CRASH_DUMP_SECONDS"] = "5"
        values["ERL_CRASH_DUMP"] = "/dev/null"
        return values
    }
}
