extension TOMLTable: ExpressibleByDictionaryLiteral {
    /// A table with its keys in this order; of a key that stands twice the last value counts.
    package init(dictionaryLiteral elements: (String, TOMLValue)...) {
        self.init(entries: [])
        for (key, value) in elements { set(key, value) }
    }

    /// Sets the value of a key: in its place if the key is there, else at the end; `nil` takes the key out.
    package mutating func set(_ key: String, _ value: TOMLValue?) {
        let place = entries.firstIndex { $0.key == key }
        switch (place, value) {
        case (let place?, let value?): entries[place].node = TOMLNode(value)
        case (let place?, nil): entries.remove(at: place)
        case (nil, let value?): entries.append(Entry(key: key, node: TOMLNode(value)))
        case (nil, nil): break
        }
    }
}
