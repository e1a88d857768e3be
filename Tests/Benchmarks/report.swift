import SystemPackage

/// Prints a line at once, also where the output is a file.
func report(_ line: String) {
    _ = try? FileDescriptor.standardOutput.writeAll((line + "\n").utf8)
}
