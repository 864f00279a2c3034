using System.Net.Sockets;
using System.Reactive.Linq;
using ActorSock.Cli.Terminal;
using ActorSock.Conversations;
using ActorSock.Logging;
using ActorSock.Settings;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands.Logs;

/// <summary>One run of <c>actorsock logs</c>: where the lines come from, and what becomes of them.</summary>
internal sealed class LogsRun(LogsRun.Wanted wanted, TextWriter error, SettingsSources settings)
{
    /// <summary>As of <c>actorsock journal follow</c>: looking costs next to nothing, and works on every file system.</summary>
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(200);

    public sealed record Wanted(LogFilter Filter, bool Follow, int? Last, bool Json);

    // ---- files

    public async Task<int> OfFiles(string[] names, CancellationToken cancelled)
    {
        if ((names.Length > 0 ? Named(names) : OfSettings()) is not { } tails)
            return ExitCode.Misuse;
        try
        {
            var log = tails.Select(tail => Narrowed(tail.Watch(s_lookAgain, TimeProvider.System))).Merge();
            await Print(log, cancelled);
            return ExitCode.Done;
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"cannot read the log: {Escaping.Printable(cannot.Message)}");
            return ExitCode.Failed;
        }
    }

    private IObservable<LogBatch> Narrowed(IObservable<LogBatch> log)
    {
        var matching = log.Matching(wanted.Filter);
        return wanted.Last is { } last ? matching.LastAndOn(last) : matching;
    }

    /// <summary>Null when a name is wrong, and that was told.</summary>
    private List<LogTail>? Named(string[] names)
    {
        foreach (var name in names)
        {
            if (Directory.Exists(name))
                return Wrong($"'{Escaping.Printable(name)}' is a folder: name the files in it");
            if (!File.Exists(name) && !wanted.Follow)
                return Wrong($"'{Escaping.Printable(name)}': there is no such file: check the path");
            if (!File.Exists(name))
                error.WriteLine($"'{Escaping.Printable(name)}' is not there yet: waiting for it");
        }
        var files = names.Select(LogFamily.OfFile).ToList();
        return wanted.Follow
            ? [.. files.GroupBy(each => each.Family, each => each.File).Select(family => LogTail.Follow(
                family.Key, family.Aggregate((one, other) => one.CompareTo(other) < 0 ? one : other), wanted.Filter, wanted.Last))]
            : [LogTail.Read(files.Select(each => each.File), wanted.Filter, wanted.Last)];
    }

    private List<LogTail>? OfSettings()
    {
        if (SettingsLoader.Load(settings).Settings.Logging.Serilog is not { } serilog)
            return Wrong("there is no log file: actorsock.logging.serilog names none, so the node logs to standard error alone: run this where "
                + "the node was started, name the files, or ask the running node with --admin");
        var families = LogFamily.OfConfiguration(serilog);
        if (families.Count == 0)
            return Wrong($"there is no log file: {Escaping.Printable(serilog)} has no File sink: add one, name the files, or ask the running "
                + "node with --admin");
        if (wanted.Follow)
            return [.. families.Select(family => LogTail.Follow(family, null, wanted.Filter, wanted.Last))];
        var files = families.SelectMany(family => family.Files()).ToList();
        return files.Count > 0
            ? [LogTail.Read(files, wanted.Filter, wanted.Last)]
            : Wrong($"there is no log file at {string.Join(" or ", families.Select(Place))}: run this where the node was started, name the "
                + "files, or ask the running node with --admin");
    }

    private static string Place(LogFamily family) => $"'{Escaping.Printable(Path.Combine(family.Folder, family.Prefix))}*{family.Suffix}'";

    private List<LogTail>? Wrong(string why)
    {
        error.WriteLine(why);
        return null;
    }

    // ---- the running node

    public async Task<int> OfNode(string? address, CancellationToken cancelled)
    {
        if (EndpointOf(address) is not { } endpoint)
            return ExitCode.Misuse;
        var log = new AdminLog(endpoint, new LogQuestion { Filter = wanted.Filter, Last = wanted.Last, Follow = wanted.Follow });
        try
        {
            // With nothing in between it would not be noticed that nobody reads the output any more.
            await Print(log.Lines.Publish(lines => lines.Merge(Observable.Interval(s_lookAgain)
                .Select(_ => new LogBatch([], IsAtEnd: true)).TakeUntil(lines.LastOrDefaultAsync()))), cancelled);
        }
        catch (SocketException denied) when (denied.SocketErrorCode == SocketError.AccessDenied)
        {
            await error.WriteLineAsync(TreeCommand.NotLetIn(endpoint));
            return ExitCode.Unreachable;
        }
        catch (SocketException e)
        {
            await error.WriteLineAsync(TreeCommand.NotReached(endpoint, e));
            return ExitCode.Unreachable;
        }
        if (log.Refusal is { } refusal)
        {
            await error.WriteLineAsync($"the node at {endpoint} refused: {refusal}");
            return ExitCode.Failed;
        }
        if (log.End is null && !_isClosed)
        {
            await error.WriteLineAsync($"the node at {endpoint} is gone without a word");
            return ExitCode.Unreachable;
        }
        if (wanted.Follow && log.End is { } end)
            await error.WriteLineAsync($"the node at {endpoint} has ended its log: {Escaping.Printable(end)}");
        return ExitCode.Done;
    }

    private Endpoint? EndpointOf(string? address)
    {
        if (address is null)
        {
            var own = SettingsLoader.Load(settings).Settings.Admin.Endpoint;
            if (own is null)
                error.WriteLine("no admin socket: actorsock.admin.endpoint is off: set it, and start the node again");
            return own;
        }
        if (!Endpoint.TryParse(address, out var endpoint, out var why))
            error.WriteLine($"--admin {Escaping.Printable(address)} is no address: {why}");
        else if (endpoint is Endpoint.Udp)
            error.WriteLine($"--admin {Escaping.Printable(address)}: a node is not asked by datagrams: write unix:/path or HOST:PORT");
        return endpoint is Endpoint.Udp ? null : endpoint;
    }

    // ---- the output

    private bool _isClosed;

    private async Task Print(IObservable<LogBatch> log, CancellationToken cancelled)
    {
        using var results = new Results();
        var printer = new LogPrinter(wanted.Json, Results.AreOnTerminal, Dialogue.HasColouredOutput, TimeZoneInfo.Local);
        try
        {
            await log.TakeWhile(_ => !results.IsClosed).ForEachAsync(batch =>
            {
                foreach (var line in batch.Lines)
                    results.WriteLine(printer.Shown(line));
                if (batch.IsAtEnd)
                    results.Flush();
            }, cancelled);
        }
        catch (OperationCanceledException)
        {
            results.Flush(); // what has come until the interruption is shown
            throw;
        }
        results.Flush();
        _isClosed = results.IsClosed;
    }
}
