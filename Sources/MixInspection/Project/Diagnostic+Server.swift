import Diagnostics

extension Diagnostic {
    /// The endpoint of a project with Phoenix does not listen, whatever release is started.
    package static let silentServer = Diagnostic(
        .warning, "no configuration turns the Phoenix server on: the release would start without it",
        advice:
            "set server: true for the endpoint in config/runtime.exs, as newer templates do where PHX_SERVER is set, "
            + "or run with -e ELIXIR_ERL_OPTIONS=\"-phoenix serve_endpoints true\"")
}
