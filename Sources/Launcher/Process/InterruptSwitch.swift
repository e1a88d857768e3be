/// What Ctrl-C does to an Erlang release: the variable `MIXPACK_CTRL_C` in a layer's `env.launch/<type>`.
///
/// On a terminal Ctrl-C opens the BREAK menu of the Erlang virtual machine. With `MIXPACK_CTRL_C=stop`, and standard
/// input a terminal, the launcher turns break handling off (`+Bi`, in `ERL_AFLAGS` of this process only) lets the
/// start script ignore Ctrl-C, and leaves a child behind that turns Ctrl-C into SIGTERM for the virtual machine, upon which
/// a release shuts down in order. Any other value leaves Ctrl-C
/// to Erlang; a layer sets it by a `.default` file, so that the user can. The process itself never sees the variable.
enum InterruptSwitch {
    private static let name: ByteString = "MIXPACK_CTRL_C"

    /// Takes the variable out of the environment, and does what it says.
    static func apply(to environment: inout LaunchEnvironment) throws(LaunchError) {
        let value = environment.variables[name]
        environment.set(name, nil)
        guard value == "stop", System.isOnTerminal else { return }
        let flags = environment.variables["ERL_AFLAGS"] ?? ""
        // First of all flags: `+B` flags of the user's own come later and win.
        environment.set("ERL_AFLAGS", ("+Bi" as ByteString).joined(with: flags, by: " "))
        do throws(SystemFailure) {
            try System.watchInterrupts()
        } catch {
            throw LaunchError(.launch, "cannot watch for Ctrl-C: " + error.text)
        }
    }
}
