import SystemPackage
import TestSupport

extension Workbench {
    /// Starts an image by runc and asks the node that it runs.
    /// - Parameter program: the release's program in the image.
    func answer(
        of image: ImageFacts, from program: String, _ expression: String, environment: [String: String] = [:]
    ) async throws -> String {
        let bundle = try await ImageBundle(
            layout: image.layout, tag: image.tag, unpackedTo: folder.appending("bundle-\(image.tag)"))
        let container = try bundle.start(name: "\(image.tag)-\(image.digest.suffix(12))", environment: environment)
        var answer = ""
        do {
            try await eventually("an answer of the node: \(container.program.output)", within: .seconds(60)) {
                let end = try await container.exec(program, "rpc", expression)
                answer = end.output
                return end.status == 0
            }
        } catch {
            await container.remove()
            throw error
        }
        await container.remove()
        return answer
    }
}
