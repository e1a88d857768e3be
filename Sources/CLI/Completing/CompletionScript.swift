import ArgumentParser

/// The script by which a shell completes mixpack's command lines: the parser's, and what it leaves out.
struct CompletionScript {
    let shell: CompletionShell

    /// The script.
    var text: String {
        let script = Mixpack.completionScript(for: shell)
        switch shell {
        case .bash:
            return Self.withFolders(script.replacing("complete -o filenames -F _mixpack mixpack", with: Self.bash))
        case .zsh:
            // The program's own list of commands comes first.
            let commands = "_describe -V subcommand subcommands && ret=0"
            return script.replacing(commands, with: "\(commands)\n            _files -/ && ret=0", maxReplacements: 1)
        default: return script + "\n" + Self.fish + "\n"
        }
    }

    /// `mixpack DIR` opens the console, so folders are among the commands.
    private static func withFolders(_ script: String) -> String {
        let functionEnd = "\n}\n"
        guard let range = script.firstRange(of: "_mixpack() {\n"),
            let end = script[range.upperBound...].firstRange(of: functionEnd)
        else { return script }
        let body = script[range.upperBound..<end.lowerBound]
        let offered = "' -- \"${cur}\"))"
        guard let last = body.ranges(of: offered).last else { return script }
        return script[..<last.upperBound] + "\n            __mixpack_add_completions -d" + script[last.upperBound...]
    }

    /// bash ends words at colons; an image's tag and a place have one inside.
    private static let bash = """
        __mixpack_complete() {
            if ! declare -F _get_comp_words_by_ref __ltrim_colon_completions >/dev/null; then
                _mixpack "${@}"
                return
            fi
            local word previous words=() cword
            _get_comp_words_by_ref -n : -c word -p previous -w words -i cword
            local -a COMP_WORDS=("${words[@]}")
            local -i COMP_CWORD="${cword}"
            _mixpack "${1}" "${word}" "${previous}"
            __ltrim_colon_completions "${word}"
            case "${COMPREPLY[*]}" in
            *: | *// | */) compopt -o nospace ;;
            esac
            case "${COMPREPLY[*]}" in
            *:*) compopt +o filenames ;;
            esac
        }
        complete -o filenames -F __mixpack_complete mixpack
        """

    private static let fish = """
        complete -c 'mixpack' -n '__mixpack_should_offer_completions_for_positional "mixpack" -eq 1' \
        -fa '(__mixpack_complete_directories)'
        """
}
