import Glibc

/// A thread of its own, so that a screen stays quick while builds keep the shared pool of threads busy.
package enum DedicatedThread {
    /// Runs `body` on a new thread.
    ///
    /// Throws: ``TerminalError`` when the system has no thread left.
    package static func start(_ body: @escaping @Sendable () -> Void) throws(TerminalError) {
        let box = Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { pointer in
                if let pointer { Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run() }
                return nil
            }, box.toOpaque())
        guard status == 0 else {
            box.release()
            throw TerminalError(.system, "cannot start a thread (error \(status))")
        }
        pthread_detach(thread)
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}
