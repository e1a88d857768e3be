import FoundationEssentials
import SystemPackage

/// The block that mixpack appends to a release's env.sh.
///
/// `docker exec … remote` and `rpc` do not pass through the launcher, but through env.sh: what they need to reach the
/// running node stands there. The cookie is made at the first start and lies in the container alone. Distribution works
/// without epmd: the node listens on one port, of the loopback interface.
struct ReleaseScript {
    let ownership: ReleaseOwnership

    /// Appends the block.
    func append(to release: AssembledRelease) throws {
        let path = release.versionDirectory.appending("env.sh")
        let before = FileManager.default.contents(atPath: path.string).map { String(decoding: $0, as: UTF8.self) }
        let text = (before ?? "#!/bin/sh\n") + block
        try Data(text.utf8).write(to: URL(filePath: path.string))
    }

    /// The block, in POSIX shell.
    var block: String {
        [ownership.cookie ? nil : Self.cookie, ownership.distribution ? nil : Self.distribution, Self.defaults]
            .compactMap { $0 }.map { "\n" + $0 + "\n" }.joined()
    }

    // `ln` makes the file whole or not at all, also when two commands come first at once.
    private static let cookie = """
        # Added by mixpack: a cookie of this container's own.
        if [ -z "${RELEASE_COOKIE:-}" ]; then
          mixpack_cookie="${RELEASE_TMP:-/tmp}/.$RELEASE_NAME-cookie"
          if [ ! -s "$mixpack_cookie" ]; then
            (
              umask 077
              od -An -N16 -tx1 /dev/urandom | sed 's/ //g' >"$mixpack_cookie.$$" &&
                ln "$mixpack_cookie.$$" "$mixpack_cookie"
              rm -f "$mixpack_cookie.$$"
            ) 2>/dev/null || :
          fi
          if ! RELEASE_COOKIE="$(cat "$mixpack_cookie" 2>/dev/null)"; then
            echo "mixpack: cannot write $mixpack_cookie: set RELEASE_TMP to a writable folder, or set RELEASE_COOKIE" >&2
            exit 1
          fi
          export RELEASE_COOKIE
        fi
        """

    private static let distribution = """
        # Added by mixpack: distribution on loopback only, without epmd. Set RELEASE_DISTRIBUTION or RELEASE_NODE to have it your way.
        if [ -z "${RELEASE_DISTRIBUTION:-}" ] && [ -z "${RELEASE_NODE:-}" ]; then
          export RELEASE_DISTRIBUTION=name
          export RELEASE_NODE="$RELEASE_NAME@127.0.0.1"
          mixpack_flags="-start_epmd false -erl_epmd_port 9100"
          case "$RELEASE_COMMAND" in
            start* | daemon*) mixpack_flags="$mixpack_flags -kernel inet_dist_use_interface {127,0,0,1}" ;;
            *) mixpack_flags="$mixpack_flags -dist_listen false" ;;
          esac
          export ELIXIR_ERL_OPTIONS="${ELIXIR_ERL_OPTIONS:-} $mixpack_flags"
        fi
        """

    private static let defaults = """
        # Added by mixpack: a release's own folder may be read-only, and a crash dump in it would be lost.
        export RELEASE_TMP="${RELEASE_TMP:-/tmp}"
        export ERL_CRASH_DUMP_SECONDS="${ERL_CRASH_DUMP_SECONDS:-0}"
        """
}
