import FoundationEssentials
import SystemPackage
import TestSupport

/// The processes of the system, as /proc shows them.
enum Processes {
    /// The child of a process whose program has this name, once there is one.
    static func child(of parent: Int32, named name: String) async throws -> Int32 {
        var found: Int32?
        try await eventually("\(name) under process \(parent)") {
            found = try FilePath("/proc").names().compactMap { Int32($0) }.first {
                isChild($0, of: parent, named: name)
            }
            return found != nil
        }
        return found ?? -1
    }

    private static func isChild(_ id: Int32, of parent: Int32, named name: String) -> Bool {
        guard let text = try? FilePath("/proc/\(id)/stat").readText() else { return false }
        let fields = text.split(separator: " ")
        // The kernel keeps 15 characters of a name.
        return fields.count > 3 && fields[1] == "(\(name.prefix(15)))" && fields[3] == "\(parent)"
    }
}
