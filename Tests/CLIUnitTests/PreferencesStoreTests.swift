import Console
import TestSupport
import Testing

@testable import CLI

@Suite struct PreferencesStoreTests {
    @Test("what was kept is there again; without a file, or with a broken one, there is nothing")
    func keeps() throws {
        try withTemporaryFolder { folder in
            let store = PreferencesStore(folder: folder.appending("state"))
            #expect(store.preferences == ConsolePreferences())
            var chosen = ConsolePreferences()
            chosen.keeps = true
            chosen.theme = "light"
            chosen.wrapsLog = false
            store.save(chosen)
            #expect(store.preferences == chosen)
            try folder.appending("state/console.json").write("{")
            #expect(store.preferences == ConsolePreferences())
        }
    }
}
