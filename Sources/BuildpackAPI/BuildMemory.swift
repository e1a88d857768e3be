import Synchronization

/// What buildpacks work out about the machine and the project in one build: it is worked out once, and holds for all of it.
package final class BuildMemory: Sendable {
    private let values = Mutex<[[String]: any Sendable]>([:])

    package init() {}

    /// What a key stands for; who asks meanwhile waits for the first to have made it.
    package func value<Value: Sendable>(for key: [String], make: () -> Value) -> Value {
        values.withLock { values in
            if let known = values[key] as? Value { return known }
            let made = make()
            values[key] = made
            return made
        }
    }
}
