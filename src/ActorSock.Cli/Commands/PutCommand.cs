using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ActorSock.Cli.Commands.Storing;
using ActorSock.Client.Native;
using ActorSock.Wire;
using ActorSock.Wire.Text;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock put</c>: sends files to a server and tells which of them it has.</summary>
internal static class PutCommand
{
    private const string Native = "native";
    private const int PartsMax = 16;

    private static readonly Dictionary<string, Dialect> dialects = new()
    {
        ["digest-after"] = Dialect.DigestAfter,
        ["digest-in-header"] = Dialect.DigestInHeader,
        ["bare-acknowledged"] = Dialect.BareAcknowledged,
        ["bare"] = Dialect.Bare,
    };

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "The files and folders to send; each is stored under its name without the folders that it is in. - is the standard input",
            Arity = ArgumentArity.OneOrMore,
        }.WithoutOptions();
        var dialect = new Option<string>("--dialect")
        {
            Description = "How to say it: the native protocol, or a dialect for older servers, which resumes nothing and takes no folders; " +
                "the two bare ones do not even tell whether the server has the file",
            DefaultValueFactory = _ => Native,
        };
        dialect.AcceptOnlyFromAmong([Native, .. dialects.Keys]);
        var name = new Option<string>("--name")
        {
            Description = "The name on the server, which may have folders; for a single FILE",
            HelpName = "NAME",
        };
        var exists = new ExistsOption();
        var parts = new Option<int>("--parts")
        {
            Description = $"Send a large file over so many connections at once, 1 to {PartsMax}",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
            CustomParser = given =>
            {
                var text = given.Tokens[0].Value;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= PartsMax) return count;
                given.AddError($"--parts {Escaping.Printable(text)}: allowed is 1 to {PartsMax}");
                return 1;
            },
        };
        var node = new NodeTargetOptions();

        var command = new Command("put",
            "Send files to a server, and tell which of them it has. Interrupted, run it again: a large file goes on where it was")
        {
            files, dialect, name, exists, parts,
        };
        node.AddTo(command);
        command.Validators.Add(given =>
        {
            CheckNames(given, given.GetValue(files), given.GetValue(name));
            if (given.GetValue(dialect) is { } spoken && spoken != Native) CheckOlder(given, given.GetValue(files), exists, parts);
        });
        command.SetAction((parsed, cancel) =>
        {
            var (console, isForPrograms) = (parsed.InvocationConfiguration, parsed.GetValue(node.Json));
            if (!dialects.TryGetValue(parsed.GetRequiredValue(dialect), out var spoken))
            {
                var options = new PutOptions { Exists = exists.Of(parsed), PartsAtOnce = parsed.GetValue(parts) };
                return new SendRun(options, isForPrograms, console)
                    .RunAsync(node.Of(parsed), parsed.GetRequiredValue(files), parsed.GetValue(name), cancel);
            }
            PutReport report = isForPrograms ? new PutJsonReport(console) : new PutTextReport(console);
            var target = node.Of(parsed);
            return new PutRun(target.Address, target.Key, spoken, report)
                .SendAsync(parsed.GetRequiredValue(files), parsed.GetValue(name), cancel);
        });
        return command;
    }

    // Two files of one name would end as one file, the other replaced without a word.
    private static void CheckNames(CommandResult result, string[]? files, string? name)
    {
        if (files is null) return;
        if (files.Contains("")) result.AddError("a file has no name: '' was given");
        if (name is null && files.Contains(ToSend.Input))
            result.AddError("the standard input has no name: give it one with --name");
        if (files.Length < 2) return;
        if (name is not null)
        {
            result.AddError($"--name names one file, and there are {files.Length}: send them one by one");
            return;
        }
        foreach (var same in files.GroupBy(path => NormalFormC.Of(ToSend.NameOf(path))).Where(same => same.Count() > 1))
        {
            var paths = string.Join(" and ", same.Select(path => $"'{Escaping.Printable(path)}'"));
            result.AddError($"{paths} would be stored under one name: send them one by one with --name");
        }
    }

    private static void CheckOlder(CommandResult result, string[]? files, Option<string> exists, Option<int> parts)
    {
        if (files?.Contains(ToSend.Input) == true)
            result.AddError("in the older dialects the size comes first, and that of the standard input is not known: leave --dialect out");
        foreach (var option in (Option[])[exists, parts])
            if (result.GetResult(option) is { Implicit: false })
                result.AddError($"{option.Name} belongs to the native protocol: leave --dialect out");
    }
}
