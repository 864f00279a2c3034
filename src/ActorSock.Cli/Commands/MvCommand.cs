using System.CommandLine;
using ActorSock.Cli.Commands.Storing;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock mv</c>: gives a file of a node another name.</summary>
internal static class MvCommand
{
    public static Command Create()
    {
        var from = new Argument<string>("FROM") { Description = "The file" }.WithoutOptions();
        var to = new Argument<string>("TO") { Description = "Its new name; one that ends with / is a folder for it" }.WithoutOptions();
        var exists = new ExistsOption();
        var node = new NodeTargetOptions();
        var command = new Command("mv", "Give a file of a node another name") { from, to, exists };
        node.AddTo(command);
        command.Validators.Add(given =>
        {
            if (given.GetValue(from) is { } name && (name.Length == 0 || name.EndsWith('/')))
                given.AddError($"'{Escaping.Printable(name)}' is no file: name one");
            if (given.GetValue(to) is { Length: 0 })
                given.AddError("the new name is empty");
        });
        command.SetAction((parsed, cancel) =>
        {
            var (old, isForPrograms) = (parsed.GetRequiredValue(from), parsed.GetValue(node.Json));
            var asked = parsed.GetRequiredValue(to);
            var wanted = asked.EndsWith('/') ? asked + old[(old.LastIndexOf('/') + 1)..] : asked;
            var each = new EachName(parsed.InvocationConfiguration, isForPrograms, "is not moved", "its files can be moved one by one");
            return new NodeVisit(node.Of(parsed), parsed.InvocationConfiguration).RunAsync(
                client => each.RunAsync(client, ((string[])[old]).ToAsyncEnumerable(), async (name, token) =>
                {
                    var moved = await client.RenameAsync(name, wanted, exists.Of(parsed), token);
                    return () => each.Result(!isForPrograms
                        ? $"moved {Escaping.Printable(name)} {Escaping.Printable(moved.Name)}"
                        : JsonLine.Of(json =>
                        {
                            json.WriteString("outcome", "moved");
                            json.WriteString("name", name);
                            json.WriteString("to", moved.Name);
                            json.WriteReceipt(moved.Receipt);
                        }));
                }, cancel), cancel);
        });
        return command;
    }
}
