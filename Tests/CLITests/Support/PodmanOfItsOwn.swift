import SystemPackage
import TestSupport

/// A podman whose command and socket share their images, as on a user's machine, in a mount namespace of the test's.
enum PodmanOfItsOwn {
    /// Writes a script that starts the service at root's usual socket and then runs its arguments beside it.
    static func write(in folder: FilePath) throws -> FilePath {
        let house = folder.appending("podman")
        let runtime = house.appending("runtime")
        try runtime.write(RuntimeScript.text(runc: try findTool("runc")), mode: 0o755)
        try house.appending("storage.conf").write(
            "[storage]\ndriver = \"vfs\"\ngraphroot = \"\(house)/root\"\nrunroot = \"\(house)/run\"\n")
        try house.appending("containers.conf").write(
            """
            [containers]
            netns = "host"
            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            runtime = "bare"
            tmp_dir = "\(house)/tmp"
            [engine.runtimes]
            bare = ["\(runtime)"]

            """)
        let script = folder.appending("beside-podman")
        try script.write(
            """
            #!/bin/sh
            mount -t tmpfs none /run || exit 1
            export CONTAINERS_STORAGE_CONF='\(house)/storage.conf' CONTAINERS_CONF='\(house)/containers.conf'
            mkdir -p /run/podman
            podman system service --time=0 unix:///run/podman/podman.sock &
            for i in $(seq 100); do test -S /run/podman/podman.sock && break; sleep 0.1; done
            "$@"
            status=$?
            kill $! 2> /dev/null
            exit $status

            """, mode: 0o755)
        return script
    }
}
