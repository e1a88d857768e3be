import Testing

@testable import Lifecycle

@Suite("Requests to stop a build")
struct StopRequestsTests {
    @Test("The first cancels the build, each later one ends it at once")
    func order() {
        var requests = StopRequests()
        #expect(requests.next() == .cancel)
        #expect((0..<3).map { _ in requests.next() } == [.endAtOnce, .endAtOnce, .endAtOnce])
    }
}
