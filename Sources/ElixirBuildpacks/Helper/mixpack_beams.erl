%% Makes two clean builds of the same sources give the same beams. Two things of Elixir and Erlang stand in the way:
%%
%% 1. elixir_module:next_counter/1 falls back to erlang:unique_integer/0, which counts for the whole VM. What it answers
%%    depends on how the compiler's processes take turns, and macros write it into code (Macro.unique_var/2). A copy of
%%    elixir_module gets its integers from unique_integer/0 of this module instead.
%% 2. Since OTP 26, small maps list atoms in the order in which the VM met them. So it meets all words of the sources
%%    before anything is compiled, sorted.
%%
%% It also loads the modules that every build needs at once, on all cores: Elixir and mix would load them one by one.
-module(mixpack_beams).
-export([make/0, start/1, unique_integer/0]).

-define(ORIGINAL, "elixir_module.beam").
%% Not a name that Erlang's code server looks for.
-define(COPY, "elixir_module.copy").
-define(ATOMS, "toolchain.atoms").
-define(MODULES, "toolchain.modules").
-define(APPLICATIONS, ["elixir", "eex", "logger", "mix"]).

%% make(): writes the copy of elixir_module, if it works, the atoms of the toolchain, and the modules to load at once.
%% Erlang's command line has the folder to write to, and that of Elixir's beams.
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
            ok = file:write_file(filename:join(Output, ?MODULES), modules_of_toolchain(Library)),
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
    meet(lists:umerge([lines(atom_to_list(File)) || File <- Words])),
    %% Since Elixir 1.15 only the application elixir is in the path yet.
    case init:get_argument(elixir_root) of
        {ok, [[Root]]} -> code:add_pathsa([filename:join([Root, Name, "ebin"]) || Name <- ?APPLICATIONS]);
        _ -> ok
    end,
    %% After the words: what a module has in it must not come before them.
    Modules = [binary_to_atom(Name) || Name <- lines(filename:join(Folder, ?MODULES))],
    spawn(code, ensure_modules_loaded, [Modules]).

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

%% Those of the modules to load that this toolchain has.
modules_of_toolchain(Library) ->
    ok = code:add_pathsa([filename:join([Library, Name, "ebin"]) || Name <- ?APPLICATIONS]),
    [[Name, $\n] || Name <- needed(), code:where_is_file(Name ++ ".beam") =/= non_existing].

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

%% What `mix release` loads beyond what Erlang boots with, small modules left out: seen with Elixir 1.14 on OTP 25, and the
%% names that took their places later.
needed() ->
    string:lexemes(
        "beam_a beam_asm beam_block beam_call_types beam_clean beam_core_to_ssa beam_dict beam_digraph beam_flatten "
        "beam_jump beam_kernel_to_ssa beam_opcodes beam_ssa beam_ssa_alias beam_ssa_bc_size beam_ssa_bool beam_ssa_bsm "
        "beam_ssa_codegen beam_ssa_dead beam_ssa_destructive_update beam_ssa_opt beam_ssa_pre_codegen beam_ssa_recv "
        "beam_ssa_share beam_ssa_throw beam_ssa_type beam_ssa_type_check beam_ssa_update beam_trim beam_types beam_utils "
        "beam_validator beam_z cerl cerl_clauses cerl_trees compile core_lib core_lint digraph digraph_utils disk_log "
        "disk_log_1 disk_log_server elixir elixir_aliases elixir_bitstring elixir_clauses elixir_code_server "
        "elixir_compiler elixir_config elixir_def elixir_dispatch elixir_env elixir_erl elixir_erl_clauses "
        "elixir_erl_compiler elixir_erl_pass elixir_erl_var elixir_expand elixir_fn elixir_interpolation elixir_lexical "
        "elixir_locals elixir_overridable elixir_parser elixir_quote elixir_rewrite elixir_tokenizer elixir_utils epp "
        "erl_bifs erl_bits eval_bits filelib io io_lib_format io_lib_pretty re sets sofs sys_core_alias sys_core_bsm "
        "sys_core_fold systools systools_lib systools_make v3_core v3_kernel", " ")
    ++ ["Elixir." ++ Name || Name <- string:lexemes(
        "Access Agent Agent.Server Application Code Code.Formatter Code.Identifier Code.Normalizer EEx.Engine Enum "
        "Enumerable.Stream File File.Error File.Stat GenServer IO IO.ANSI Inspect.Algebra Kernel Kernel.CLI "
        "Kernel.LexicalTracker Kernel.ParallelCompiler Kernel.Typespec Kernel.Utils Keyword List Logger Logger.App "
        "Logger.Backends.Console Logger.BackendSupervisor Logger.Config Logger.Formatter Logger.Handler Logger.Watcher "
        "Macro Macro.Env Map MapSet Mix Mix.Compilers.ApplicationTracer Mix.Compilers.Elixir Mix.Compilers.Erlang Mix.Dep "
        "Mix.Dep.Converger Mix.Dep.Loader Mix.Dep.Lock Mix.Dep.Umbrella Mix.Project Mix.ProjectStack Mix.Release "
        "Mix.Shell Mix.Shell.IO Mix.State Mix.Sync.Lock Mix.Sync.PubSub Mix.Task Mix.Task.Compiler "
        "Mix.Tasks.Archive.Check Mix.Tasks.Compile Mix.Tasks.Compile.All Mix.Tasks.Compile.App Mix.Tasks.Compile.Elixir "
        "Mix.Tasks.Compile.Erlang Mix.Tasks.Compile.Leex Mix.Tasks.Compile.Protocols Mix.Tasks.Compile.Yecc "
        "Mix.Tasks.Deps.Loadpaths Mix.Tasks.Loadpaths Mix.Tasks.Release Mix.Utils Module Module.Behaviour "
        "Module.LocalsTracker Module.ParallelChecker Module.Types Module.Types.Apply Module.Types.Descr "
        "Module.Types.Expr Module.Types.Helpers Module.Types.Of Module.Types.Pattern Module.Types.Unify OptionParser Path "
        "Process Regex Stream String String.Tokenizer Supervisor System Task Task.Supervised Version Version.Parser "
        "Version.Requirement", " ")].
