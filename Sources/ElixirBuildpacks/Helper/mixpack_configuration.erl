%% Run by mixpack in a project's folder before its dependencies are compiled: writes what the configuration sets, for each
%% application, so that dependencies can be compiled with it and without the project.
-module(mixpack_configuration).
-export([main/1]).

%% main([Folder, OwnApplications, NamesOfSecrets, File]): binaries, names with commas between them.
%%
%% The folder gets index.txt with lines "APPLICATION NUMBER KIND", and the values of kind data in files named by the numbers.
%% KIND is data, code if a value cannot leave this VM, or secret if a value contains a secret's. Own applications are left out.
main([Folder, Own, Names, File]) ->
    'Elixir.Mix':start(),
    Environment = binary_to_atom(unicode:characters_to_binary(os:getenv("MIX_ENV", "prod")), utf8),
    'Elixir.Mix':env(Environment),
    Secrets = secrets(words(Names)),
    OwnNames = words(Own),
    All = [
        {atom_to_binary(Application, utf8), Values}
     || {Application, Values} <- 'Elixir.Config.Reader':'read!'(File, [{env, Environment}, {target, host}])
    ],
    Foreign = [{Name, Values} || {Name, Values} <- All, not lists:member(Name, OwnNames)],
    Numbered = lists:zip(lists:seq(1, length(Foreign)), Foreign),
    Lines = [line(Folder, Number, Name, Values, Secrets) || {Number, {Name, Values}} <- Numbered],
    ok = file:write_file(filename:join(Folder, "index.txt"), Lines).

line(Folder, Number, Name, Values, Secrets) ->
    Term = term_to_binary(Values, [deterministic]),
    Kind = kind(Values, Term, Secrets),
    Kind =:= data andalso (ok = file:write_file(filename:join(Folder, integer_to_list(Number)), Term)),
    [Name, " ", integer_to_list(Number), " ", atom_to_list(Kind), "\n"].

kind(Values, Term, Secrets) ->
    case lists:any(fun(Secret) -> binary:match(Term, Secret) =/= nomatch end, Secrets) of
        true -> secret;
        false ->
            case is_code(Values) of
                true -> code;
                false -> data
            end
    end.

is_code(Value) when is_function(Value) -> erlang:fun_info(Value, type) =/= {type, external};
is_code(Value) when is_pid(Value); is_port(Value); is_reference(Value) -> true;
is_code([Head | Tail]) -> is_code(Head) orelse is_code(Tail);
is_code(Value) when is_tuple(Value) -> is_code(tuple_to_list(Value));
is_code(Value) when is_map(Value) -> is_code(maps:to_list(Value));
is_code(_) -> false.

secrets(Names) ->
    Values = ['Elixir.System':get_env(Name) || Name <- Names],
    [Value || Value <- Values, is_binary(Value), Value =/= <<>>].

words(Text) -> [Word || Word <- binary:split(Text, <<",">>, [global]), Word =/= <<>>].
