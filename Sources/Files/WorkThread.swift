import Glibc

/// A thread of its own for work that blocks; it is joined or detached, once.
package struct WorkThread {
    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    private let thread: pthread_t

    /// Starts the work; `nil` where the system has no thread left.
    package init?(_ body: @escaping () -> Void) {
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            work.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits for the end of the work.
    package func join() { pthread_join(thread, nil) }

    /// Lets the work go on by itself.
    package func detach() { pthread_detach(thread) }
}
