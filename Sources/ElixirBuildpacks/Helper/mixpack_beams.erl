%% Makes two clean builds of the same sources give the same beams. Two things of Elixir and Erlang stand in the way:
%%
%% 1. elixir_module:next_counter/1 falls back to erlang:unique_integer/0, which counts for the whole VM. What it answers
%%    depends on how the compiler's processes take turns, and macros write it into code (Macro.unique_var/2). A copy of
%%    elixir_module gets its integers from unique_integer/0 of this module instead.
%% 2. Since OTP 26, small maps list atoms in the order in which the VM met them. So it meets all words of the sources
%%    before anything is compiled, sorted.
-module(mixpack_beams).
-export([make/0, start/1, unique_integer/0]).

-define(ORIGINAL, "elixir_module.beam").
%% Not a name that Erlang's code server looks for.
-define(COPY, "elixir_module.copy").
-define(ATOMS, "toolchain.atoms").
-define(APPLICATIONS, ["elixir", "eex", "logger", "mix"]).

%% make(): writes the copy of elixir_module, if it works, and the atoms of the toolchain. Erlang's command line has the
%% folder to write to, and that of Elixir's beams.
make() ->
    Result =
        try
            {ok, [[Output]]} = init:get_argument(mixpack_beams_output),
            {ok, [[Library]]} = init:get_argument(mixpack_beams_elixir),
            Ebin = filename:join([Library, "elixir", "ebin"]),
            true = code:add_patha(Ebin),
            Copy = patched(filename:join(Ebin, ?ORIGINAL)),
            ok = check(Copy),
            ok = file:write_file(filename:join(Output, ?ATOMS), atoms_of_toolchain(Library)),
            file:write_file(filename:join(Output, ?COPY), Copy)
        catch
            Class:Reason -> {Class, Reason}
        end,
    case Result of
        ok -> halt(0);
        _ -> io:format("~0p~n", [Result]), halt(1)
    end.

%% start([Words | _]): runs in each VM before Elixir starts. Words are files with sorted words, one for each line.
start(Words) ->
    Folder = filename:dirname(code:which(?MODULE)),
    {ok, Copy} = file:read_file(filename:join(Folder, ?COPY)),
    {module, elixir_module} = code:load_binary(elixir_module, code:where_is_file(?ORIGINAL), Copy),
    meet(lines(filename:join(Folder, ?ATOMS))),
    meet(lists:umerge([lines(atom_to_list(File)) || File <- Words])).

%% unique_integer(): in a process that compiles a file, an integer that only the file and the number of the call decide.
unique_integer() ->
    case {get(elixir_compiler_file), get(elixir_compiler_info)} of
        {File, Info} when is_binary(File), is_tuple(Info) ->
            %% A process that the compiler of a file started has the same file, and would give the same integers again.
            case element(tuple_size(Info), Info) =:= self() of
                true -> integer(File);
                false -> erlang:unique_integer()
            end;
        _ -> erlang:unique_integer()
    end.

integer(File) ->
    {Name, Number} =
        case get(?MODULE) of
            {Known, File, Last} -> {Known, Last + 1};
            _ -> {relative(File), 1}
        end,
    put(?MODULE, {Name, File, Number}),
    <<Integer:56, _/binary>> = erlang:md5([Name, 0, integer_to_binary(Number)]),
    Integer.

relative(File) ->
    {ok, Folder} = file:get_cwd(),
    case string:prefix(File, [unicode:characters_to_binary(Folder), $/]) of
        nomatch -> File;
        Name -> Name
    end.

%% The copy: in its table of imports, erlang:unique_integer/0 becomes mixpack_beams:unique_integer/0.
patched(File) ->
    {ok, elixir_module, Chunks} = beam_lib:all_chunks(File),
    {_, Atoms} = lists:keyfind("AtU8", 1, Chunks),
    {_, <<Count:32, Imports/binary>>} = lists:keyfind("ImpT", 1, Chunks),
    {ok, {_, [{atoms, Numbers}]}} = beam_lib:chunks(File, [atoms]),
    {Erlang, erlang} = lists:keyfind(erlang, 2, Numbers),
    {Function, unique_integer} = lists:keyfind(unique_integer, 2, Numbers),
    Own = length(Numbers) + 1,
    Redirected = redirected(Imports, <<Erlang:32, Function:32, 0:32>>, <<Own:32, Function:32, 0:32>>),
    true = Redirected =/= Imports,
    New = [
        case Chunk of
            {"AtU8", _} -> {"AtU8", appended(Atoms, atom_to_binary(?MODULE))};
            {"ImpT", _} -> {"ImpT", <<Count:32, Redirected/binary>>};
            _ -> Chunk
        end
     || Chunk <- Chunks
    ],
    {ok, Copy} = beam_lib:build_module(New),
    Copy.

redirected(Imports, From, To) ->
    << <<(case Import of From -> To; _ -> Import end)/binary>> || <<Import:12/binary>> <= Imports >>.

%% Since OTP 28, a negative count says that lengths are written as the compiler writes integers; this one is below 16.
appended(<<Count:32/signed, Atoms/binary>>, Name) when Count < 0 ->
    <<(Count - 1):32/signed, Atoms/binary, (byte_size(Name)):4, 0:4, Name/binary>>;
appended(<<Count:32, Atoms/binary>>, Name) ->
    <<(Count + 1):32, Atoms/binary, (byte_size(Name)), Name/binary>>.

%% Whether the copy loads and answers as it should.
check(Copy) ->
    {module, elixir_module} = code:load_binary(elixir_module, ?ORIGINAL, Copy),
    [First, Second] = One = answers(<<"one.ex">>),
    true = is_integer(First) andalso First =/= Second,
    One = answers(<<"one.ex">>),
    true = One =/= answers(<<"two.ex">>),
    true = answers(undefined) =/= answers(undefined),
    ok.

answers(File) ->
    Parent = self(),
    Child = spawn_link(fun() ->
        put(elixir_compiler_file, File),
        put(elixir_compiler_info, {Parent, self()}),
        Parent ! {self(), [elixir_module:next_counter(nil), elixir_module:next_counter(nil)]}
    end),
    receive {Child, Answers} -> Answers after 5000 -> error(no_answer) end.

%% The atoms of Elixir, sorted; those of OTP that matter are words of the sources too. Before OTP 26 their order does not
%% matter.
atoms_of_toolchain(Library) ->
    case list_to_integer(erlang:system_info(otp_release)) >= 26 of
        false -> <<>>;
        true ->
            Folders = [filename:join([Library, Name, "ebin", "*.beam"]) || Name <- ?APPLICATIONS],
            Files = lists:flatmap(fun filelib:wildcard/1, Folders),
            Atoms = lists:usort([atom_to_binary(Atom) || File <- Files, Atom <- atoms(File)]),
            [[Atom, $\n] || Atom <- Atoms, binary:match(Atom, <<"\n">>) =:= nomatch]
    end.

atoms(File) ->
    case beam_lib:chunks(File, [atoms]) of
        {ok, {_, [{atoms, Atoms}]}} -> [Atom || {_, Atom} <- Atoms];
        _ -> []
    end.

lines(File) ->
    case file:read_file(File) of
        {ok, Text} -> binary:split(Text, <<"\n">>, [global, trim_all]);
        _ -> []
    end.

meet(Names) -> lists:foreach(fun(Name) -> binary_to_atom(Name) end, Names).
