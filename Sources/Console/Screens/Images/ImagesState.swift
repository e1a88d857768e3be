import Diagnostics
import Lifecycle
import OCIImage
import TerminalUI

/// The Images screen: all images and caches of this machine, and where the cursor is.
struct ImagesState: Sendable {
    var holdings: Holdings?
    var isLoading = false
    var failure: Failure?
    var images = ListState()
    var caches = ListState()
    /// The first line of the facts that is shown.
    var factsTop = 0
    /// What is wrong with the images that were verified, by name.
    var problems: [String: [String]] = [:]
    /// The names that are still to be verified, while that runs.
    var toVerify: Int?

    /// The images, without the previous ones: those go and come with their names.
    var entries: [StoreInventory.Entry] { holdings?.store.images ?? [] }
    var projects: [CacheInventory.Project] { holdings?.caches.projects ?? [] }
    var selected: StoreInventory.Entry? { entries.chosen(by: images) }
    var selectedCache: CacheInventory.Project? { projects.chosen(by: caches) }
}
