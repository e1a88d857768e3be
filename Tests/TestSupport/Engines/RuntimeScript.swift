public import SystemPackage

/// A container runtime for places where raising limits is refused: runc, with the limits taken out of what it reads.
public enum RuntimeScript {
    /// The script.
    public static func text(runc: FilePath) -> String {
        #"""
        #!/bin/sh
        # The folder of the container, or the description of a process to start in one.
        previous=
        for word in "$@"; do
            case "$previous" in
                --bundle | -b) file=$word/config.json ;;
                --process | -p) file=$word ;;
                *) file= ;;
            esac
            if [ -n "$file" ] && [ -f "$file" ]; then
                sed -i -E 's/,"rlimits":\[[^]]*\]//; s/"rlimits":\[[^]]*\],?//' "$file"
            fi
            previous=$word
        done
        exec '\#(runc)' "$@"

        """#
    }
}
