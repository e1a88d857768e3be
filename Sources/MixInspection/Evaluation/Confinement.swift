/// How the machine is kept from mix.exs while it is evaluated.
package enum Confinement: Sendable, Hashable {
    /// In the sandbox; without one mix.exs is not evaluated (`Failure` of the kind `untrusted`).
    case sandbox
    /// In the sandbox where there is one, else as the user, who trusts the project.
    case trusted
    /// Without a sandbox of mixpack's own: a platform's container is one.
    case container
}
