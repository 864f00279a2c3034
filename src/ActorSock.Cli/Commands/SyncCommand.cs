using System.CommandLine;
using ActorSock.Cli.Commands.Storing;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock sync</c>: makes a folder of a node the same as one here.</summary>
internal static class SyncCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The folder here" }.WithoutOptions();
        var prefix = new Argument<string>("PREFIX")
        {
            Description = "The folder on the node [default: the uppermost]",
            DefaultValueFactory = _ => "",
        }.WithoutOptions();
        var delete = new Option<bool>("--delete")
        {
            Description = "Delete files of the node that are not here; none, when something here could not be read or sent",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only tell what would be done" };
        var node = new NodeTargetOptions();
        var command = new Command("sync",
            "Make a folder of a node the same as one here: compare all files by size and MD5, and send those that differ. Digests of the files " +
            "here are remembered, links are not followed")
        {
            folder, prefix, delete, dryRun,
        };
        node.AddTo(command);
        folder.Validators.Add(given =>
        {
            if (!given.Errors.Any() && given.GetValueOrDefault<string>() is { } path && !Directory.Exists(path))
                given.AddError($"there is no folder '{Escaping.Printable(path)}'");
        });
        prefix.Validators.Add(given =>
        {
            if (!given.Errors.Any() && given.GetValueOrDefault<string>() is { } there && there.Split('/', '\\').Contains(".."))
                given.AddError($"'{Escaping.Printable(there)}' has a '..': a node has no folder above its uppermost");
        });
        command.SetAction((parsed, cancel) => new SyncScreen(
                parsed.GetValue(delete), parsed.GetValue(dryRun), parsed.GetValue(node.Json), parsed.InvocationConfiguration)
            .RunAsync(node.Of(parsed), parsed.GetRequiredValue(folder), parsed.GetValue(prefix)!, cancel));
        return command;
    }
}
