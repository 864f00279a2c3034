using System.CommandLine;
using System.Runtime.CompilerServices;
using ActorSock.Cli.Commands.Storing;
using ActorSock.Client.Native;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock rm</c>: deletes files of a node.</summary>
internal static class RmCommand
{
    private const int PageEntries = 10_000;

    public static Command Create()
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "The files to delete",
            Arity = ArgumentArity.OneOrMore,
        }.WithoutOptions();
        var recursive = new Option<bool>("--recursive", "-r") { Description = "The names are folders: delete all files in them" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only tell what would be deleted" };
        var node = new NodeTargetOptions();
        var command = new Command("rm", "Delete files of a node; what is told to be deleted is durably so") { names, recursive, dryRun };
        node.AddTo(command);
        command.Validators.Add(given =>
        {
            foreach (var name in given.GetValue(names) ?? [])
            {
                // An unset variable of a script must not cost everything.
                if (FolderSync.PrefixOf(name).Length == 0)
                    given.AddError($"'{Escaping.Printable(name)}' is everything: name files, or folders with -r");
                else if (name.EndsWith('/') && !given.GetValue(recursive))
                    given.AddError($"'{Escaping.Printable(name)}' is a folder: say -r to delete all that is in it");
            }
        });
        command.SetAction((parsed, cancel) =>
        {
            var (isForPrograms, isDry) = (parsed.GetValue(node.Json), parsed.GetValue(dryRun));
            var each = new EachName(parsed.InvocationConfiguration, isForPrograms, "is not deleted", "say -r to delete all that is in it");
            var wanted = parsed.GetRequiredValue(names);
            return new NodeVisit(node.Of(parsed), parsed.InvocationConfiguration).RunAsync(client => each.RunAsync(client,
                parsed.GetValue(recursive) ? InFolders(client, wanted, each, cancel) : wanted.ToAsyncEnumerable(),
                (name, token) => DeleteAsync(client, name, each, isForPrograms, isDry, token), cancel), cancel);
        });
        return command;
    }

    private static async Task<Action> DeleteAsync(
        NodeClient client, string name, EachName each, bool isForPrograms, bool isDry, CancellationToken cancel)
    {
        if (isDry)
        {
            if (await client.StatAsync(name, cancel) is null) return await each.MissingAsync(client, name, cancel);
            return () => each.Result(isForPrograms ? Json("would delete", name, null) : $"would delete {Escaping.Printable(name)}");
        }
        var receipt = await client.DeleteAsync(name, cancel: cancel);
        return () => each.Result(isForPrograms ? Json("deleted", name, receipt) : $"deleted {Escaping.Printable(name)}");
    }

    // All names are known before the first goes: a list that shrinks while it is read would be hard to tell anything of.
    private static async IAsyncEnumerable<string> InFolders(
        NodeClient client, string[] folders, EachName each, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var folder in folders)
        {
            var (prefix, found) = (FolderSync.PrefixOf(folder), new List<string>());
            await foreach (var file in client.ListAsync(prefix, new ListOptions { PageEntries = PageEntries }, cancel))
                found.Add(file.Name.StartsWith(prefix, StringComparison.Ordinal)
                    ? file.Name
                    : throw new NodeLostException($"the node lists '{Escaping.Printable(file.Name)}', which was not asked for"));
            if (found.Count == 0) each.Failed(folder, "there is no such folder");
            foreach (var name in found) yield return name;
        }
    }

    private static string Json(string outcome, string name, Wire.Native.Receipt? receipt) => JsonLine.Of(json =>
    {
        json.WriteString("outcome", outcome);
        json.WriteString("name", name);
        json.WriteReceipt(receipt);
    });
}
