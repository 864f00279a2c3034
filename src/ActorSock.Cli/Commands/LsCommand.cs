using System.CommandLine;
using System.Globalization;
using ActorSock.Cli.Commands.Storing;
using ActorSock.Client.Native;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock ls</c>: lists the files of a node.</summary>
internal static class LsCommand
{
    private const int PageEntries = 10_000;

    public static Command Create()
    {
        var prefix = new Argument<string>("PREFIX")
        {
            Description = "What their names begin with; a folder ends with / [default: all]",
            DefaultValueFactory = _ => "",
        }.WithoutOptions();
        var isLong = new Option<bool>("--long", "-l") { Description = "With size, time (UTC) and MD5" };
        var recursive = new Option<bool>("--recursive", "-r") { Description = "With all that is in folders" };
        var node = new NodeTargetOptions();
        var command = new Command("ls", "List the files of a node") { prefix, isLong, recursive };
        node.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            Func<ListEntry, string> line = parsed.GetValue(node.Json) ? Json : parsed.GetValue(isLong) ? Long : Short;
            var options = new ListOptions { Recursive = parsed.GetValue(recursive), PageEntries = PageEntries };
            return new NodeVisit(node.Of(parsed), parsed.InvocationConfiguration).RunAsync(
                client => ListAsync(client, parsed.GetValue(prefix)!, options, line, cancel), cancel);
        });
        return command;
    }

    private static async Task<int> ListAsync(
        NodeClient client, string prefix, ListOptions options, Func<ListEntry, string> line, CancellationToken cancel)
    {
        using var results = new Results();
        var count = 0;
        await foreach (var entry in client.ListAsync(prefix, options, cancel))
        {
            results.WriteLine(line(entry));
            if (++count % PageEntries != 0) continue;
            results.Flush();
            if (results.IsClosed) break;
        }
        results.Flush();
        return ExitCode.Done;
    }

    private static string Short(ListEntry entry) => Escaping.Printable(entry.Name);

    private static string Long(ListEntry entry) => entry.IsFolder
        ? $"{"",14} {"",19} {"",32} {Short(entry)}"
        : string.Create(CultureInfo.InvariantCulture,
            $"{entry.SizeBytes,14} {entry.Modified:yyyy-MM-dd HH:mm:ss} {entry.Md5?.ToString() ?? "-",-32} {Short(entry)}");

    private static string Json(ListEntry entry) => JsonLine.Of(json =>
    {
        if (entry.IsFolder)
        {
            json.WriteString("folder", entry.Name);
            return;
        }
        json.WriteString("name", entry.Name);
        json.WriteNumber("bytes", entry.SizeBytes);
        json.WriteString("modified", entry.Modified.UtcDateTime);
        json.WriteMd5(entry.Md5);
    });
}
