using System.CommandLine;
using System.CommandLine.Parsing;
using ActorSock.Cli.Commands.Loading;
using ActorSock.Client;
using ActorSock.Load;
using ActorSock.Load.Scenarios;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock load</c>: a load test that checks what it was told.</summary>
internal static class LoadCommand
{
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
        var scenario = new ScenarioOptions();
        var root = new Option<string>("--root")
        {
            Description = "Compare every acknowledged file under the root of the node, which is on this machine",
            HelpName = "DIR",
        };
        root.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string>() is { } folder && !Directory.Exists(folder))
                given.AddError($"--root: there is no folder '{Escaping.Printable(folder)}'");
        });
        var noProof = new Option<bool>("--no-proof") { Description = "Believe what is acknowledged" };
        var threads = new Option<int>("--threads")
        {
            Description = "Threads that drive connections [default: half of the cores, at most 4]",
            HelpName = "N",
            DefaultValueFactory = _ => Math.Clamp(Environment.ProcessorCount / 2, 1, 4),
        };
        threads.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is var count and (< 1 or > 64)) given.AddError($"--threads {count}: allowed is 1 to 64");
        });
        var json = new Option<string>("--json") { Description = "Write the report as JSON; - writes it in the place of the text", HelpName = "FILE|-" };

        var command = new Command("load",
            "Test a node under load, and prove what it says: at the end every acknowledged file is asked back and compared. " +
            "Exit code 1 when one is missing or different, or when rude clients disturbed the others")
        {
            to, anywhere, root, noProof, threads, json,
        };
        scenario.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            try
            {
                var asked = scenario.Of(parsed);
                if (parsed.GetValue(root) is null && !parsed.GetValue(noProof))
                    throw new ScenarioException("nothing would prove what is acknowledged: say --root DIR, the folder in which a node on this "
                        + "machine stores files, or --no-proof");
                if (Descriptors.InTheWayOf(asked) is { } why) throw new ScenarioException(why);
                var target = await LoadTarget.FindAsync(parsed.GetRequiredValue(to), parsed.GetValue(anywhere), cancel);
                var report = new LoadReport(parsed.GetRequiredValue(to), parsed.GetValue(json));
                var progress = LoadProgress.On(error);
                using var run = new LoadRun(new LoadOptions
                {
                    Scenario = asked,
                    Target = target,
                    Phases = new ScenarioPhases(asked),
                    Root = parsed.GetValue(root),
                    HasProof = !parsed.GetValue(noProof),
                    Threads = parsed.GetValue(threads),
                    Watch = progress.Show,
                });
                var result = await run.RunAsync(cancel);
                report.Write(result, parsed.InvocationConfiguration.Output);
                return result.WasInterrupted ? ExitCode.Interrupted : result.Complaints.Count > 0 ? ExitCode.Failed : ExitCode.Done;
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
