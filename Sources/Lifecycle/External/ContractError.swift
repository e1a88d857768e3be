/// What a buildpack left on the disk is not what the specification asks for.
struct ContractError: Error, Hashable, CustomStringConvertible {
    var message: String
    var description: String { message }

    init(_ message: String) { self.message = message }
}
