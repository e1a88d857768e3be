import Files
import FoundationEssentials

/// The block that mixpack appends to a release's env.sh.
///
/// `docker exec … remote` and `rpc` do not pass through the launcher, but through env.sh: what they need to reach the
/// running node stands there. The cookie is made at the first start and lies in the container alone. Distribution works
/// without epmd: the node listens on one port, of the loopback interface.
struct ReleaseScript {
    let ownership: ReleaseOwnership
    var profile = DistributionProfile.loopback

    func append(to release: AssembledRelease) throws {
        let path = release.versionDirectory.appending("env.sh")
        let text = (path.text ?? "#!/bin/sh\n") + block
        try Data(text.utf8).write(to: URL(filePath: path.string))
    }

    /// The block, in POSIX shell; it calls dd, od and awk, which the release's own script needs too.
    var block: String {
        [
            Self.defaults, Self.openFiles, ownership.keepsCookieFile ? nil : Self.cookie,
            ownership.distribution ? nil : distribution,
        ]
        .compactMap { $0 }.map { "\n" + $0 + "\n" }.joined()
    }

    private static let defaults = """
        # Added by mixpack: a release's own folder may be read-only, and a crash dump in it would be lost.
        export RELEASE_TMP="${RELEASE_TMP:-/tmp}"
        export ERL_CRASH_DUMP_SECONDS="${ERL_CRASH_DUMP_SECONDS:-0}"
        """

    // Eight digits and more: only a limit that is none. What vm.args says comes later and counts.
    private static let openFiles = """
        # Added by mixpack: Erlang sets memory aside for every file that it may open; without a limit that is gigabytes.
        case "$(ulimit -n)" in ????????*) export ERL_AFLAGS="+Q 65536 ${ERL_AFLAGS:-}" ;; esac
        """

    // With -C one of several commands that come first at once makes the file; the others read what it wrote.
    private static let cookie = #"""
        # Added by mixpack: a cookie of this container's own, made when it is first needed.
        if [ -z "${RELEASE_COOKIE:-}" ]; then
          mixpack_file="$RELEASE_TMP/.$RELEASE_NAME-cookie"
          mixpack_cookie=""
          if [ ! -s "$mixpack_file" ]; then
            mixpack_cookie="$(dd if=/dev/urandom bs=32 count=1 2>/dev/null | od -An -v -tx1 |
              awk '{ gsub(/ /, ""); printf "%s", $0 }')"
            (umask 077 && set -C && echo "$mixpack_cookie" >"$mixpack_file") 2>/dev/null || :
          fi
          RELEASE_COOKIE=""
          if [ -r "$mixpack_file" ]; then
            read -r RELEASE_COOKIE <"$mixpack_file" || :
          else
            echo "mixpack: cannot keep a cookie in $mixpack_file: remote and rpc will not work" >&2
            echo "mixpack: set RELEASE_COOKIE, or RELEASE_TMP to a folder that can be written" >&2
          fi
          export RELEASE_COOKIE="${RELEASE_COOKIE:-$mixpack_cookie}"
        fi
        """#

    private var distribution: String {
        switch profile {
        case .none: Self.noDistribution
        case .loopback: Self.loopback
        case .cluster: Self.cluster
        }
    }

    private static let noDistribution = """
        # Added by mixpack: no distribution: no port is open, and remote, rpc, stop and pid do not work.
        export RELEASE_DISTRIBUTION="${RELEASE_DISTRIBUTION:-none}"
        """

    private static let cluster = #"""
        # Added by mixpack: distribution without epmd, on port 9100 of every interface, for nodes that share the cookie.
        if [ "${RELEASE_DISTRIBUTION:-name}" != none ]; then
          mixpack_flags="-start_epmd false -erl_epmd_port 9100"
          case "$RELEASE_COMMAND" in
            start* | daemon*) ;;
            *) mixpack_flags="$mixpack_flags -dist_listen false" ;;
          esac
          if [ -z "${RELEASE_NODE:-}" ] && [ "${RELEASE_DISTRIBUTION:-name}" = name ]; then
            case "${ERL_AFLAGS:-} ${ERL_FLAGS:-} ${ERL_ZFLAGS:-}" in
              *inet6_tcp*) mixpack_ipv6=1 mixpack_loopback=::1 ;;
              *) mixpack_ipv6=0 mixpack_loopback=127.0.0.1 ;;
            esac
            mixpack_host="${POD_IP:-$(awk -v name="$(cat /proc/sys/kernel/hostname)" -v ipv6="$mixpack_ipv6" \
              '$2 == name && ($1 ~ /:/) == ipv6 { print $1; exit }' /etc/hosts 2>/dev/null || :)}"
            export RELEASE_DISTRIBUTION=name
            export RELEASE_NODE="$RELEASE_NAME@${mixpack_host:-$mixpack_loopback}"
          fi
          export ELIXIR_ERL_OPTIONS="$mixpack_flags ${ELIXIR_ERL_OPTIONS:-}"
        fi
        """#

    private static let loopback = #"""
        # Added by mixpack: distribution without epmd, on port 9100; on loopback only, unless a node name is given.
        if [ "${RELEASE_DISTRIBUTION:-name}" != none ]; then
          mixpack_flags="-start_epmd false -erl_epmd_port 9100"
          case "$RELEASE_COMMAND" in
            start* | daemon*) ;;
            *) mixpack_flags="$mixpack_flags -dist_listen false" ;;
          esac
          if [ -z "${RELEASE_NODE:-}" ] && [ "${RELEASE_DISTRIBUTION:-name}" = name ]; then
            export RELEASE_DISTRIBUTION=name
            case "${ERL_AFLAGS:-} ${ERL_FLAGS:-} ${ERL_ZFLAGS:-}" in
              *inet6_tcp*) mixpack_host=::1 mixpack_address="{0,0,0,0,0,0,0,1}" ;;
              *) mixpack_host=127.0.0.1 mixpack_address="{127,0,0,1}" ;;
            esac
            export RELEASE_NODE="$RELEASE_NAME@$mixpack_host"
            mixpack_flags="$mixpack_flags -kernel inet_dist_use_interface $mixpack_address"
          fi
          export ELIXIR_ERL_OPTIONS="$mixpack_flags ${ELIXIR_ERL_OPTIONS:-}"
        fi
        """#
}
