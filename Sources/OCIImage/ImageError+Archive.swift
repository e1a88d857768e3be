import Glibc
public import LayerArchive

extension ImageError {
    /// Takes over what the archive module says.
    public init(_ error: ArchiveError) {
        let code: Code =
            switch error.code {
            case .malformed: .malformed
            case .overLimit: .overLimit
            case .unsupported: .unsupported
            case .unreadable, .unwritable, .changed: .inputOutput
            }
        self.init(code, error.message, advice: error.advice)
    }

    /// The failure that `errno` names.
    static func system(_ what: String, errno number: Int32 = errno) -> ImageError {
        ImageError(ArchiveError(.unwritable, "\(what): \(String(cString: strerror(number)))"))
    }
}

/// Runs work of the archive module with its error taken over.
func archiving<Value>(_ work: () throws(ArchiveError) -> Value) throws(ImageError) -> Value {
    do throws(ArchiveError) {
        return try work()
    } catch {
        throw ImageError(error)
    }
}
