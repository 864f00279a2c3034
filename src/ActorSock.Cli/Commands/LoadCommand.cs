using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ActorSock.Cli.Commands.Loading;
using ActorSock.Client;
using ActorSock.Load;
using ActorSock.Load.Scenarios;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock load</c>: a load test that proves what it says.</summary>
internal static class LoadCommand
{
    private const string CapacityRateFirst = "100";

    public static Command Create()
    {
        var to = new Option<string>("--to")
        {
            Description = "The node",
            HelpName = "HOST:PORT|[v6]:PORT|unix:/path",
            DefaultValueFactory = _ => "127.0.0.1:7070",
        };
        to.Validators.Add(CheckAddress);
        var anywhere = new Option<bool>("--anywhere") { Description = "The node may be on another machine, which is yours" };
        var key = new KeyFileOption();
        var scenario = new ScenarioOptions();
        var find = new Option<bool>("--find-capacity") { Description = "Look for the highest rate at which --p99 holds" };
        var p99 = Time("--p99", "The 99th percentile of latency that must hold", "50ms");
        var step = Time("--step", "How long each rate is tried", "5s");
        var root = new Option<string>("--root")
        {
            Description = "Compare every byte of every acknowledged file under the root of the node, which is on this machine; with a key, "
                + "the folder of its name in there",
            HelpName = "DIR",
        };
        root.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string>() is { } folder && !Directory.Exists(folder))
                given.AddError($"--root: there is no folder '{Escaping.Printable(folder)}'");
        });
        var sample = Count("--sample", "Without --root: of how many files the bytes are fetched and compared", 100, 0, 1_000_000);
        var noProof = new Option<bool>("--no-proof") { Description = "Believe what is acknowledged" };
        var keep = new Option<bool>("--keep") { Description = "Leave the files on the node" };
        var threads = Count("--threads", "Threads that drive connections", Math.Clamp(Environment.ProcessorCount / 2, 1, 4), 1, 64);
        var json = new Option<string>("--json") { Description = "Write the report as JSON; - writes it in the place of the text", HelpName = "FILE|-" };
        var html = new Option<string>("--html") { Description = "Write the report as a page with plots, in one file", HelpName = "FILE" };

        var command = new Command("load",
            "Test a node under load, and prove what it says: at the end every acknowledged file is asked back and compared. " +
            "Exit code 1 when a file failed, is missing or different, or when rude clients disturbed the others")
        {
            to, anywhere, key, find, p99, step, root, sample, noProof, keep, threads, json, html,
        };
        scenario.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            try
            {
                var order = new LoadOrder(scenario.Of(parsed, parsed.GetValue(find) ? CapacityRateFirst : null), parsed.GetRequiredValue(to))
                {
                    Anywhere = parsed.GetValue(anywhere),
                    Key = key.Of(parsed),
                    Capacity = parsed.GetValue(find)
                        ? (TimeOf(parsed.GetRequiredValue(p99))!.Value, TimeOf(parsed.GetRequiredValue(step))!.Value) : null,
                    Root = parsed.GetValue(root),
                    SampleCount = parsed.GetValue(sample),
                    HasProof = !parsed.GetValue(noProof),
                    Keeps = parsed.GetValue(keep),
                    Threads = parsed.GetValue(threads),
                    Json = parsed.GetValue(json),
                    Html = parsed.GetValue(html),
                };
                return await order.RunAsync(parsed.InvocationConfiguration, cancel);
            }
            catch (ScenarioException wrong)
            {
                await error.WriteLineAsync(Escaping.Printable(wrong.Message));
                return ExitCode.Misuse;
            }
            catch (NodeUnreachableException unreachable)
            {
                await error.WriteLineAsync(Escaping.Printable(unreachable.Message));
                return ExitCode.Unreachable;
            }
        });
        return command;
    }

    private static Option<string> Time(string name, string description, string otherwise)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "TIME", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(given =>
        {
            if (TimeOf(given.GetValueOrDefault<string>()) is null)
                given.AddError($"{name} {Escaping.Printable(given.GetValueOrDefault<string>() ?? "")}: it takes a time such as 500us, 50ms or 5s");
        });
        return option;
    }

    private static Option<int> Count(string name, string description, int otherwise, int min, int max)
    {
        return new Option<int>(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => otherwise,
            CustomParser = given => NumberOf(given, name, min, max),
        };
    }

    private static int NumberOf(ArgumentResult given, string name, int min, int max)
    {
        var text = given.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) && count >= min && count <= max)
            return count;
        given.AddError($"{name} {Escaping.Printable(text)}: allowed is {min} to {max}");
        return min;
    }

    private static TimeSpan? TimeOf(string? text) => TimeWithUnit.Of(text) is { TotalHours: > 0 and <= 1 } time ? time : null;

    private static void CheckAddress(OptionResult given)
    {
        try
        {
            if (given.GetValueOrDefault<string>() is { } address) ServerAddress.Parse(address);
        }
        catch (FormatException wrong)
        {
            given.AddError(Escaping.Printable(wrong.Message));
        }
    }
}
