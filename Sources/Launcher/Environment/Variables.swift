/// Environment variables, in their order.
struct Variables {
    private var names: [ByteString] = []
    private var values: [ByteString: ByteString] = [:]

    init(_ lines: [ByteString]) {
        for line in lines {
            let (name, value) = line.cut(at: .equals)
            self[name] = value ?? ""
        }
    }

    /// `NAME=VALUE` each.
    var lines: [ByteString] { names.compactMap { name in values[name].map { name + "=" + $0 } } }

    /// The value of a variable; setting `nil` takes it out.
    subscript(name: ByteString) -> ByteString? {
        get { values[name] }
        set {
            if let newValue {
                if values.updateValue(newValue, forKey: name) == nil { names.append(name) }
            } else {
                values[name] = nil
                names.removeAll { $0 == name }
            }
        }
    }

    /// Puts a folder in front of a variable that lists folders.
    mutating func prependPath(_ folder: ByteString, to name: ByteString) {
        self[name] = folder.joined(with: self[name] ?? "", by: ":")
    }
}
