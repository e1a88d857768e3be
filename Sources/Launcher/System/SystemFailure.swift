import CLauncher

/// A system call that failed.
struct SystemFailure: Error {
    /// The value of errno.
    let code: Int32

    /// Whether there is no such file.
    var isNotFound: Bool { code == CLAUNCH_NOT_FOUND }

    /// What the system calls it: "No such file or directory".
    var text: ByteString { ByteString(cString: claunch_error_text(code)) }

    /// Throws unless the code is 0.
    static func check(_ code: Int32) throws(SystemFailure) {
        if code != 0 { throw SystemFailure(code: code) }
    }
}
