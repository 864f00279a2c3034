using System.CommandLine;
using System.CommandLine.Parsing;
using ActorSock.Client;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock put</c>: sends files to a server and tells which of them it has.</summary>
internal static class PutCommand
{
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
            Description = "The files to send; each is stored under its name without its folders",
            Arity = ArgumentArity.OneOrMore,
        };
        // What looks like an option and is none would be taken for a file, and be missed only after the others were sent.
        files.Validators.Add(given =>
        {
            foreach (var token in given.Tokens.Where(t => t.Value.StartsWith("--", StringComparison.Ordinal)))
                given.AddError($"unknown option {token.Value}: a file of that name is ./{token.Value}");
        });
        var to = new Option<string>("--to")
        {
            Description = "The server",
            HelpName = "HOST:PORT|[v6]:PORT|unix:/path",
            Required = true,
        };
        var dialect = new Option<string>("--dialect")
        {
            Description = "How to say it; the two bare ones do not tell whether the server has the file",
            DefaultValueFactory = _ => "digest-after",
        };
        dialect.AcceptOnlyFromAmong([.. dialects.Keys]);
        var name = new Option<string>("--name")
        {
            Description = "The name on the server, which may have folders; for a single FILE",
            HelpName = "NAME",
        };
        var key = new KeyFileOption();
        var json = new Option<bool>("--json") { Description = "Write a line of JSON for each file" };

        var command = new Command("put", "Send files to a server, and tell which of them it has")
        {
            files, to, dialect, name, key, json,
        };
        to.Validators.Add(CheckAddress);
        command.Validators.Add(result => CheckNames(result, result.GetValue(files), result.GetValue(name)));
        command.SetAction((parsed, cancel) =>
        {
            var console = parsed.InvocationConfiguration;
            var spoken = dialects[parsed.GetRequiredValue(dialect)];
            PutReport report = parsed.GetValue(json)
                ? new PutJsonReport(console)
                : new PutTextReport(console);
            var run = new PutRun(parsed.GetRequiredValue(to), key.Of(parsed), spoken, report);
            return run.SendAsync(parsed.GetRequiredValue(files), parsed.GetValue(name), cancel);
        });
        return command;
    }

    private static void CheckAddress(OptionResult result)
    {
        try
        {
            if (result.GetValueOrDefault<string>() is { } address) ServerAddress.Parse(address);
        }
        catch (FormatException wrong)
        {
            result.AddError(wrong.Message);
        }
    }

    // Two files of one name would end as one file, the other replaced without a word.
    private static void CheckNames(CommandResult result, string[]? files, string? name)
    {
        if (files is null || files.Length < 2) return;
        if (name is not null)
        {
            result.AddError($"--name names one file, and there are {files.Length}: send them one by one");
            return;
        }
        foreach (var same in files.GroupBy(file => Path.GetFileName(file)).Where(same => same.Count() > 1))
        {
            var paths = string.Join(" and ", same.Select(path => $"'{Escaping.Printable(path)}'"));
            result.AddError($"{paths} would be stored under one name: send them one by one with --name");
        }
    }
}
