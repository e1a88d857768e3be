import Diagnostics
import Glibc

/// A thread of its own, so that a screen stays quick while builds keep the shared pool of threads busy.
package enum DedicatedThread {
    /// Runs `body` on a new thread.
    ///
    /// Throws: ``Failure`` when the system has no thread left.
    package static func start(_ body: @escaping @Sendable () -> Void) throws(Failure) {
        let box = Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, { Body.main($0) }, box.toOpaque())
        guard status == 0 else {
            box.release()
            throw Failure(.noTerminal, "cannot start a thread (error \(status))")
        }
        pthread_detach(thread)
    }

    private final class Body: Sendable {
        private let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }

        static func main(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
            guard let pointer else { return nil }
            Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().runWithSignalStack()
            return nil
        }

        /// With a stack for signal handlers, so that one that gives the terminal back can run when the thread's own is
        /// exhausted.
        private func runWithSignalStack() {
            let size = 65536
            let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
            var stack = stack_t()
            stack.ss_sp = memory
            stack.ss_size = size
            sigaltstack(&stack, nil)
            run()
            stack.ss_flags = Int32(SS_DISABLE)
            sigaltstack(&stack, nil)
            memory.deallocate()
        }
    }
}
