import Commands
import Files
import SystemPackage

/// The `git` that a project's code finds: a shell script that brings a call to the desk.
///
/// It asks about the project's own folders. In a dependency's folder, or in a repository that the code itself made, the real
/// git works as everywhere. Nothing rests on that choice: the desk looks at each call itself.
struct GitScript {
    let places: GitPlaces
    let program: FilePath
    /// The desk's folder, as the code sees it.
    let door: FilePath
    /// Whether repositories inside the project are the user's own.
    let holdsRepositories: Bool

    var text: String {
        let top = places.repository.map(places.seenWorktree) ?? places.seen
        func quoted(_ path: FilePath) -> String { ShellWord.quoted(path.string) }
        return """
            #!/bin/sh
            # mixpack answers this from the repository of the project.
            root=\(quoted(places.seen)) top=\(quoted(top)) door=\(quoted(door)) program=\(quoted(program))
            nested=\(holdsRepositories ? "ask" : "real")
            \(Self.body)
            """
    }

    private static let body = #"""
        real() {
          case $PATH in "$door/bin:"*) PATH=${PATH#"$door/bin:"} ;; esac
          GIT_CEILING_DIRECTORIES=$root/deps:$root
          export PATH GIT_CEILING_DIRECTORIES
          exec "$program" "$@"
        }

        ask() {
          PATH=/usr/local/bin:/usr/bin:/bin:$PATH
          question=$(mktemp -d "$door/questions/XXXXXXXX") || exit 128
          printf '%s\0' "$here" "$@" >"$question/question" && mkfifo "$question/done" || exit 128
          exec 3<>"$question/done"
          printf '%s\n' "${question##*/}" >"$door/bell"
          read -r status <&3 || exit 128
          exec 3>&-
          cat "$door/answers/${question##*/}.errors" >&2
          cat "$door/answers/${question##*/}.output"
          exit "$status"
        }

        here=$(pwd -P) || here=$root
        folder=$here directory=${GIT_DIR:-.git} command= next=
        for word do
          case $next in
          C) next= folder=$(CDPATH= cd -- "$folder" 2>/dev/null && CDPATH= cd -- "$word" 2>/dev/null && pwd -P) || folder=
            continue ;;
          c) next=
            continue ;;
          esac
          case $word in
          -C) next=C ;;
          -c) next=c ;;
          --git-dir=*) directory=${word#--git-dir=} ;;
          -*) ;;
          *) command=$word
            break ;;
          esac
        done

        case $directory in .git | "$root/.git" | "$top/.git") ;; *) real "$@" ;; esac
        [ "$folder" ] || ask "$@"
        case $folder/ in "$root"/deps/?*) real "$@" ;; esac
        case $command in
        clone) real "$@" ;;
        init) [ "$folder" = "$root" ] || real "$@" ;;
        esac
        place=$folder
        while [ "$place" ]; do
          if [ -e "$place/.git" ]; then
            case $place in "$root" | "$top") ask "$@" ;; esac
            [ "$nested" = real ] && real "$@"
            break
          fi
          place=${place%/*}
        done
        case $folder/ in "$root"/*) ask "$@" ;; esac
        case $here/ in "$root"/*) ask "$@" ;; esac
        real "$@"

        """#
}
