import Diagnostics
import Glibc
import SystemPackage
import Text

/// A folder for one piece of work: there as long as that, then gone.
package struct ScratchFolder: Sendable {
    package let path: FilePath

    /// Makes a folder of an own name in another, which is made where it is missing.
    package init(in parent: FilePath, prefix: String = "mixpack-") throws(Failure) {
        try parent.makeFolders()
        var template = parent.appending("\(prefix)XXXXXX").nameBytes
        guard mkdtemp(&template) != nil else { throw .system(.unwritable, parent.string) }
        path = FilePath(String(fileName: template.dropLast().map { UInt8(bitPattern: $0) }))
    }

    /// Makes the folder of this name; what a killed process left there is removed first.
    package init(at path: FilePath) throws(Failure) {
        try path.remove()
        try path.makeFolders()
        self.path = path
    }

    /// Removes it with all it holds; what cannot be removed stays.
    package func remove() { try? path.remove() }
}
