/// The script that makes the registry and the tarballs of `HexMirror`.
enum HexMirrorScript {
    static let text = #"""
        #!/usr/bin/env escript
        %% make.escript REBAR3 SOURCE OUT: prints, for each package, its name and its entry in a mix.lock.
        main([Rebar, Source, Out]) ->
            {ok, Parts} = escript:extract(Rebar, []),
            {archive, Zip} = lists:keyfind(archive, 1, Parts),
            Unpacked = filename:join(Out, "rebar3"),
            ok = filelib:ensure_dir(filename:join(Unpacked, "x")),
            {ok, _} = zip:unzip(Zip, [{cwd, Unpacked}]),
            code:add_pathsa(filelib:wildcard(filename:join(Unpacked, "*/ebin"))),
            Key = public_key:generate_key({rsa, 2048, 65537}),
            Private = pem('RSAPrivateKey', Key),
            Public = {'RSAPublicKey', element(3, Key), element(4, Key)},
            ok = file:write_file(filename:join(Out, "public_key"), pem('SubjectPublicKeyInfo', Public)),
            Releases = [release(Folder, Out) || Folder <- lists:sort(filelib:wildcard(filename:join(Source, "*")))],
            Names = lists:usort([Name || {<<"hexpm">>, Name, _} <- Releases]),
            [package(Repo, Name, [R || {P, N, R} <- Releases, {P, N} =:= {Repo, Name}], Private, Out)
             || {Repo, Name} <- lists:usort([{Repo, Name} || {Repo, Name, _} <- Releases])],
            write(filename:join(Out, "names"), Private,
                  r3_hex_registry:encode_names(#{repository => <<"hexpm">>, packages => [#{name => N} || N <- Names]})),
            Versions = [#{name => N, versions => [maps:get(version, R) || {<<"hexpm">>, M, R} <- Releases, M =:= N]} || N <- Names],
            write(filename:join(Out, "versions"), Private,
                  r3_hex_registry:encode_versions(#{repository => <<"hexpm">>, packages => Versions})).

        pem(Type, Key) -> public_key:pem_encode([public_key:pem_entry_encode(Type, Key)]).

        release(Folder, Out) ->
            {ok, [{Name, Version, Tool, Deps, Repo, Retired}]} = file:consult(filename:join(Folder, "meta")),
            Root = filename:join(Folder, "files"),
            Files = [{F, element(2, file:read_file(filename:join(Root, F)))} || F <- filelib:wildcard("**", Root),
                     filelib:is_regular(filename:join(Root, F))],
            Requirements = maps:from_list([{D, #{<<"app">> => D, <<"optional">> => false, <<"requirement">> => R}}
                                           || {D, R} <- Deps]),
            Metadata = #{<<"name">> => Name, <<"app">> => Name, <<"version">> => Version, <<"description">> => <<"d">>,
                         <<"build_tools">> => [Tool], <<"licenses">> => [], <<"links">> => #{},
                         <<"requirements">> => Requirements,
                         <<"files">> => [list_to_binary(F) || {F, _} <- Files]},
            {ok, #{tarball := Tarball, inner_checksum := Inner, outer_checksum := Outer}} =
                r3_hex_tarball:create(Metadata, Files),
            File = filename:join([root(Repo, Out), "tarballs", <<Name/binary, "-", Version/binary, ".tar">>]),
            ok = filelib:ensure_dir(File),
            ok = file:write_file(File, Tarball),
            Locked = lists:join(", ", [io_lib:format("{:~s, \"~s\", [hex: :~s, repo: \"hexpm\", optional: false]}",
                                                     [D, R, D]) || {D, R} <- Deps]),
            io:format("~s\t{:hex, :~s, \"~s\", \"~s\", [:~s], [~s], \"~s\", \"~s\"}~n",
                      [Name, Name, Version, hex(Inner), Tool, Locked, locked(Repo), hex(Outer)]),
            {Repo, Name, (retired(Retired))#{version => Version, inner_checksum => Inner, outer_checksum => Outer,
                     dependencies => [#{package => D, requirement => R} || {D, R} <- Deps]}}.

        hex(Bytes) -> string:lowercase([io_lib:format("~2.16.0b", [B]) || <<B>> <= Bytes]).

        %% `corp` is a server of its own, any other name an organisation.
        locked(<<"hexpm">>) -> <<"hexpm">>;
        locked(<<"corp">>) -> <<"corp">>;
        locked(Organisation) -> <<"hexpm:", Organisation/binary>>.

        root(<<"hexpm">>, Out) -> Out;
        root(Repo, Out) -> filename:join([Out, "repos", Repo]).

        retired(<<>>) -> #{};
        retired(Message) -> #{retired => #{reason => 'RETIRED_SECURITY', message => Message}}.

        package(Repo, Name, Releases, Private, Out) ->
            write(filename:join([root(Repo, Out), "packages", Name]), Private,
                  r3_hex_registry:encode_package(#{repository => Repo, name => Name, releases => Releases})).

        write(File, Private, Payload) ->
            ok = filelib:ensure_dir(File),
            ok = file:write_file(File, zlib:gzip(r3_hex_registry:sign_protobuf(Payload, Private))).

        """#
}
