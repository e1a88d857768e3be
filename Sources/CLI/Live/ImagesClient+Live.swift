import Console
import Lifecycle
import OCIImage

extension ImagesClient {
    static func live(_ keeping: ImageKeeping) -> ImagesClient {
        var client = ImagesClient()
        client.holdings = { try keeping.holdings() }
        client.carryOut = { try keeping.carryOut($0) }
        client.tag = { try await keeping.tag($0, as: [$1], replaces: $2) }
        client.verify = { try await keeping.wiring.store.problems(of: $0) }
        return client
    }
}
