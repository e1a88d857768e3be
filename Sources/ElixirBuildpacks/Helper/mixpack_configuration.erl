%% Run by mixpack in a project's folder before its dependencies are compiled: writes what the configuration sets, for each
%% application, so that dependencies can be compiled with it and without the project.
-module(mixpack_configuration).
-export([main/1]).

%% main([Out, OwnApplications, NamesOfSecrets, File]): binaries, names with commas between them.
%%
%% Out.txt gets lines "APPLICATION SHA256 KIND". KIND is data, code if a value cannot leave this VM, or secret if a value
%% contains a secret's; then - stands in the place of the SHA256. Out.terms gets the configuration of kind data of all but the
%% own applications.
main([Out, Own, Names, File]) ->
    'Elixir.Mix':start(),
    Environment = binary_to_atom(unicode:characters_to_binary(os:getenv("MIX_ENV", "prod")), utf8),
    'Elixir.Mix':env(Environment),
    Secrets = secrets(words(Names)),
    OwnNames = words(Own),
    Described = [
        described(Application, Values, Secrets)
     || {Application, Values} <- 'Elixir.Config.Reader':'read!'(File, [{env, Environment}, {target, host}]),
        not lists:member(atom_to_binary(Application, utf8), OwnNames)
    ],
    Terms = [{Application, Values} || {Application, Values, _, data} <- Described],
    Lines = [
        [atom_to_binary(Application, utf8), " ", Hash, " ", atom_to_binary(Kind, utf8), "\n"]
     || {Application, _, Hash, Kind} <- Described
    ],
    ok = file:write_file(<<Out/binary, ".terms">>, encoded(Terms)),
    ok = file:write_file(<<Out/binary, ".txt">>, Lines).

described(Application, Values, Secrets) ->
    Term = encoded(Values),
    case kind(Values, Term, Secrets) of
        secret -> {Application, Values, "-", secret};
        Kind -> {Application, Values, hex(crypto:hash(sha256, Term)), Kind}
    end.

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

encoded(Term) -> term_to_binary(Term, [deterministic]).

words(Text) -> [Word || Word <- binary:split(Text, <<",">>, [global]), Word =/= <<>>].

hex(Bytes) -> [io_lib:format("~2.16.0b", [Byte]) || <<Byte>> <= Bytes].
