using System.CommandLine;
using System.Globalization;
using ActorSock.Cli.Commands.Storing;
using ActorSock.Client.Native;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock stat</c>: says what a node has under names.</summary>
internal static class StatCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "The files to ask about",
            Arity = ArgumentArity.OneOrMore,
        }.WithoutOptions();
        var node = new NodeTargetOptions();
        var command = new Command("stat", "Say size, time and MD5 of files on a node, which reads those whose MD5 it does not know") { names };
        node.AddTo(command);
        names.Validators.Add(given =>
        {
            foreach (var name in given.Tokens.Select(token => token.Value).Where(name => name.EndsWith('/')))
                given.AddError($"'{Escaping.Printable(name)}' is a folder: {OfFolder}");
        });
        command.SetAction((parsed, cancel) =>
        {
            var isForPrograms = parsed.GetValue(node.Json);
            var each = new EachName(parsed.InvocationConfiguration, isForPrograms, "is not there", OfFolder);
            return new NodeVisit(node.Of(parsed), parsed.InvocationConfiguration).RunAsync(
                client => each.RunAsync(client, parsed.GetRequiredValue(names).ToAsyncEnumerable(), async (name, token) =>
                    await client.StatAsync(name, token) is { } file
                        ? () => each.Result(isForPrograms ? Json(file) : Text(file))
                        : await each.MissingAsync(client, name, token), cancel), cancel);
        });
        return command;
    }

    private const string OfFolder = "ls shows what is in it";

    private static string Text(RemoteFile file) => string.Create(CultureInfo.InvariantCulture,
        $"{Escaping.Printable(file.Name)} {file.SizeBytes} {file.Modified.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {file.Md5?.ToString() ?? "-"}");

    private static string Json(RemoteFile file) => JsonLine.Of(json =>
    {
        json.WriteString("name", file.Name);
        json.WriteNumber("bytes", file.SizeBytes);
        json.WriteString("modified", file.Modified.UtcDateTime);
        json.WriteMd5(file.Md5);
    });
}
