/// One part of a key, and where it stands.
struct TOMLKey {
    let name: String
    let position: TOMLPosition
}
