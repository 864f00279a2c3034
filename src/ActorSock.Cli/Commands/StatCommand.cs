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
        command.SetAction((parsed, cancel) =>
        {
            var isForPrograms = parsed.GetValue(node.Json);
            var each = new EachName(parsed.InvocationConfiguration, isForPrograms, "is not there");
            return new NodeVisit(node.Of(parsed), parsed.InvocationConfiguration).RunAsync(
                client => each.RunAsync(parsed.GetRequiredValue(names).ToAsyncEnumerable(), async (name, token) =>
                    await client.StatAsync(name, token) is { } file
                        ? () => each.Result(isForPrograms ? Json(file) : Text(file))
                        : () => each.Failed(name, "there is no such file", 404), cancel), cancel);
        });
        return command;
    }

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
