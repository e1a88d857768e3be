import MixInspection
import Testing

@Suite struct ApplicationResourceTests {
    @Test("name, version and description are read as tools write them")
    func reads() throws {
        let text = """
            {application,phoenix,
                         [{modules,['Elixir.Phoenix']},
                          {vsn,"1.7.14"},
                          {description,"Peace of mind from
                             prototype to production"},
                          {applications,[kernel,stdlib]}]}.
            """
        let resource = try #require(ApplicationResource(text))
        #expect(resource.name == "phoenix")
        #expect(resource.version == "1.7.14")
        #expect(resource.summary == "Peace of mind from prototype to production")
        let quoted = try #require(ApplicationResource("%% c\n{application, 'my_app', [{vsn,<<\"0.1\">>}]}."))
        #expect(quoted.name == "my_app")
        #expect(quoted.version == "0.1")
        #expect(quoted.summary.isEmpty)
    }

    @Test("what is no resource file is none", arguments: ["", "{release,{\"a\",\"1\"},[]}.", "\u{0}\u{1}"])
    func rejects(text: String) { #expect(ApplicationResource(text) == nil) }
}
