/// The third phase: what earlier builds of the project left for this one.
struct Restorer {
    let cache: ProjectCache
    let emit: EventEmitter

    /// Tells which layers are there from the build before.
    ///
    /// The layers of buildpacks in this process stand where they were made; there is nothing to unpack.
    func restore(_ plan: ResolvedPlan) {
        let group = Set(plan.group.map(\.id))
        for layer in KeptLayers.read(from: cache) where group.contains(layer.buildpack ?? "") {
            emit(.layer(LayerChange(.restored, layer)))
        }
    }
}
