import CLauncher

/// What the launcher does to the world.
enum System {
    /// The launcher's own arguments, its name first.
    static var arguments: [ByteString] { strings(claunch_arguments()) }

    static var environment: [ByteString] { strings(claunch_environment()) }

    static var isOnTerminal: Bool { claunch_is_on_terminal() != 0 }

    static func content(of path: ByteString) throws(SystemFailure) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = path.withCString { claunch_read_file($0, &bytes) }
        guard count >= 0 else { throw SystemFailure(code: Int32(-count)) }
        return taken(bytes, count)
    }

    static func isFile(_ path: ByteString) -> Bool { path.withCString { claunch_kind($0) == CLAUNCH_FILE } }

    static func isDirectory(_ path: ByteString) -> Bool { path.withCString { claunch_kind($0) == CLAUNCH_DIRECTORY } }

    static func isExecutable(_ path: ByteString) -> Bool {
        isFile(path) && path.withCString { claunch_is_executable($0) != 0 }
    }

    /// The names in a folder in byte order; none if there is no such folder.
    static func names(in folder: ByteString) -> [ByteString] {
        guard let directory = folder.withCString({ claunch_open_directory($0) }) else { return [] }
        var names: [ByteString] = []
        while let name = claunch_next_name(directory) { names.append(ByteString(cString: name)) }
        claunch_close_directory(directory)
        return names.sorted()
    }

    /// The paths of a folder's sub-folders in byte order.
    static func directories(in folder: ByteString) -> [ByteString] {
        names(in: folder).map { folder + "/" + $0 }.filter { isDirectory($0) }
    }

    /// The paths of what is in a folder and is no folder itself, in byte order.
    static func files(in folder: ByteString) -> [ByteString] {
        names(in: folder).map { folder + "/" + $0 }.filter { !isDirectory($0) }
    }

    static func changeDirectory(to path: ByteString) throws(SystemFailure) {
        try SystemFailure.check(path.withCString { claunch_change_directory($0) })
    }

    /// Becomes another program; returns only to throw.
    static func execute(
        _ program: ByteString, arguments: [ByteString], environment: [ByteString]
    ) throws(SystemFailure) {
        let failure = program.withCString { claunch_execute($0, vector(arguments), vector(environment)) }
        throw SystemFailure(code: failure)
    }

    /// Runs an exec.d program and returns its exit status and what it wrote to fd 3.
    static func runExecD(
        _ program: ByteString, environment: [ByteString]
    ) throws(SystemFailure) -> (status: Int32, output: [UInt8]) {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        let status = program.withCString { claunch_run_exec_d($0, vector(environment), &bytes, &count) }
        guard status >= 0 else { throw SystemFailure(code: -status) }
        return (status, taken(bytes, count))
    }

    /// Sends a request over loopback and returns the status of the answer.
    static func httpStatus(
        _ isIPv6: Bool, _ port: UInt16, _ request: ByteString, timeout: Int
    ) throws(SystemFailure) -> Int32 {
        let status = request.bytes.withUnsafeBufferPointer {
            claunch_http_status(isIPv6 ? 1 : 0, port, $0.baseAddress, $0.count, timeout)
        }
        guard status >= 0 else { throw SystemFailure(code: -status) }
        return status
    }

    /// Leaves a child behind that turns Ctrl-C into TERM for this process, whatever program it becomes.
    static func watchInterrupts() throws(SystemFailure) { try SystemFailure.check(claunch_watch_interrupts()) }

    /// Writes a line to standard error.
    static func complain(_ message: ByteString) {
        let line = ("launcher: " as ByteString) + message + "\n"
        line.bytes.withUnsafeBufferPointer { claunch_write_error($0.baseAddress, $0.count) }
    }

    static func exit(_ status: Int32) -> Never { claunch_exit(status) }

    /// C strings for exec, which needs them to the end: they are not freed.
    private static func vector(_ strings: [ByteString]) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
        let vector = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
        vector.initialize(repeating: nil, count: strings.count + 1)
        for (index, string) in strings.enumerated() {
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: string.bytes.count + 1)
            copy.initialize(repeating: 0, count: string.bytes.count + 1)
            for (place, byte) in string.bytes.enumerated() { copy[place] = CChar(bitPattern: byte) }
            vector[index] = copy
        }
        return vector
    }

    private static func strings(_ vector: UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> [ByteString] {
        var strings: [ByteString] = []
        while let string = vector?[strings.count] { strings.append(ByteString(cString: string)) }
        return strings
    }

    private static func taken(_ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int) -> [UInt8] {
        defer { claunch_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : count))
    }
}

/// A system call that failed.
struct SystemFailure: Error {
    let code: Int32

    var isNotFound: Bool { code == CLAUNCH_NOT_FOUND }

    var isTimeout: Bool { code == CLAUNCH_TIMED_OUT }

    /// What the system calls it: "No such file or directory".
    var text: ByteString { ByteString(cString: claunch_error_text(code)) }

    static func check(_ code: Int32) throws(SystemFailure) {
        if code != 0 { throw SystemFailure(code: code) }
    }
}
