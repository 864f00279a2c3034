using System.CommandLine;
using System.CommandLine.Parsing;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands.Storing;

/// <summary>Names of files, among which no mistyped option hides.</summary>
internal static class NameArgument
{
    /// <summary>Refuses what looks like an option: taken for a name it would be missed only after the others were dealt with.</summary>
    public static T WithoutOptions<T>(this T argument)
        where T : Argument
    {
        argument.Validators.Add(given =>
        {
            foreach (var token in given.Tokens.Where(token => token.Value.StartsWith("--", StringComparison.Ordinal)))
                given.AddError($"unknown option {Escaping.Printable(token.Value)}: a file of that name is ./{Escaping.Printable(token.Value)}");
        });
        return argument;
    }
}
