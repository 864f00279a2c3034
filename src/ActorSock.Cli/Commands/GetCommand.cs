using System.CommandLine;
using System.CommandLine.Parsing;
using ActorSock.Cli.Commands.Storing;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock get</c>: fetches files from a node.</summary>
internal static class GetCommand
{
    private const string StandardOutput = "-";

    public static Command Create()
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "The files to fetch; a NAME that ends with / is a folder, and all that is in it",
            Arity = ArgumentArity.OneOrMore,
        }.WithoutOptions();
        var into = new Option<string>("--out")
        {
            Description = "A folder for them, the file for a single one, or - for the standard output [default: this folder]",
            HelpName = "PATH|-",
        };
        var node = new NodeTargetOptions();
        var command = new Command("get",
            "Fetch files from a node. A file is whole and has the digest of the node, or is not there; interrupted, run it again: it goes on " +
            "where it was")
        {
            names, into,
        };
        node.AddTo(command);
        command.Validators.Add(given => Check(given, given.GetValue(names) ?? [], given.GetValue(into)));
        command.SetAction((parsed, cancel) =>
        {
            var (wanted, place) = (parsed.GetRequiredValue(names), parsed.GetValue(into));
            var isFolder = place is null || wanted.Length > 1 || wanted[0].EndsWith('/')
                || Path.EndsInDirectorySeparator(place) || Directory.Exists(place);
            var run = new FetchRun(
                place ?? ".", isFolder ? null : place, parsed.GetValue(node.Json), parsed.InvocationConfiguration);
            return place == StandardOutput
                ? run.RunToOutputAsync(node.Of(parsed), wanted, cancel)
                : run.RunAsync(node.Of(parsed), wanted, cancel);
        });
        return command;
    }

    private static void Check(CommandResult given, string[] names, string? place)
    {
        foreach (var name in names.Where(name => name.Trim('/').Length == 0))
            given.AddError($"'{Escaping.Printable(name)}' names nothing: name a file, or a folder with / at its end");
        if (place == StandardOutput && names.FirstOrDefault(name => name.EndsWith('/')) is { } folder)
            given.AddError($"'{Escaping.Printable(folder)}' is a folder, and --out - takes files: name a folder with --out");
        if (place is { Length: 0 }) given.AddError("--out is empty: name a folder, a file, or -");
        if (place is not null && place != StandardOutput && names.Length > 1 && File.Exists(place))
            given.AddError($"--out {Escaping.Printable(place)} is a file, and there are {names.Length} names: name a folder");
        if (place == StandardOutput) return;
        // Two files of one name would end as one, the other replaced without a word.
        foreach (var same in names.GroupBy(name => name.TrimEnd('/').Split('/')[^1]).Where(same => same.Count() > 1))
        {
            var both = string.Join(" and ", same.Select(name => $"'{Escaping.Printable(name)}'"));
            given.AddError($"{both} would be written to one place: fetch them one by one with --out");
        }
    }
}
