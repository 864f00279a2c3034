using System.Text.RegularExpressions;

namespace ActorSock.EndToEnd.Tests.Tracing;

/// <summary>A file that a client was told to be stored, the one after the other on its connection.</summary>
/// <param name="Port">the client's</param>
/// <param name="Name">in no other name of the trace</param>
/// <param name="IsLarge">whether it came to the disk as a part file</param>
internal sealed record Told(int Port, string Name, bool IsLarge);

/// <summary>Finds in a trace every acknowledgement that left before what it promises was durable.</summary>
internal sealed partial class FlushOrder
{
    private readonly IReadOnlyList<SystemCall> _calls;
    private readonly string _root;
    private readonly List<string> _faults = [];

    private FlushOrder(IReadOnlyList<SystemCall> calls, string root) => (_calls, _root) = (calls, root);

    /// <param name="trace">the lines of the trace</param>
    /// <param name="root">the root of the node, as the trace has it</param>
    /// <param name="told">each file that was acknowledged; in order, as far as they went over one connection</param>
    /// <returns>What is wrong; empty when all is well.</returns>
    public static IReadOnlyList<string> Faults(IEnumerable<string> trace, string root, IReadOnlyList<Told> told)
    {
        var order = new FlushOrder(SystemCall.Parse(trace), root);
        foreach (var conversation in told.GroupBy(one => one.Port))
        {
            var replies = order.Acknowledgements(conversation.Key);
            if (replies.Count != conversation.Count())
                order._faults.Add($"{conversation.Key} was sent {replies.Count} acknowledgements for {conversation.Count()} files");
            foreach (var (one, reply) in conversation.Zip(replies))
                order.Check(one, reply);
        }
        return order._faults;
    }

    private List<SystemCall> Acknowledgements(int port) => [.. _calls
        .Where(call => call.Name is "sendto" or "sendmsg" or "write" or "writev" && call.Target.EndsWith($":{port}]", StringComparison.Ordinal))
        .SelectMany(call => Verdict().Matches(call.Arguments).Select(_ => call))
        .OrderBy(call => call.Began)];

    private void Check(Told one, SystemCall reply)
    {
        var entry = Expect(one, "its entry is not in the log",
            _calls.FirstOrDefault(call => IsWriteTo(call, "/.actorsock/log/log-") && call.Arguments.Contains(one.Name, StringComparison.Ordinal)));
        var flush = Expect(one, "the log was not flushed behind its entry",
            entry is null ? null : Syncs(entry.Target).Where(sync => sync.Began > entry.Ended).MinBy(sync => sync.Ended));
        var publish = Expect(one, "it got no name",
            _calls.FirstOrDefault(call => call.Name is "linkat" or "renameat" or "renameat2" && call.Result == 0 && call.Paths[^1] == $"{_root}/{one.Name}"));
        var line = Expect(one, "it has no line in the journal",
            _calls.FirstOrDefault(call => IsWriteTo(call, "/.actorsock/journal/") && call.Arguments.Contains(one.Name, StringComparison.Ordinal)));
        Before(one, flush, publish, "it was visible before the log was flushed");
        Before(one, flush, reply, "acknowledged before the log was flushed");
        Before(one, publish, reply, "acknowledged before it had its name");
        Before(one, line, reply, "acknowledged before the journal had its line");
        if (one.IsLarge && entry is not null && publish is not null)
            CheckPart(one, entry, publish, reply);
    }

    /// <summary>Of a large file the log has no bytes: they, and its name, are durable otherwise.</summary>
    private void CheckPart(Told one, SystemCall entry, SystemCall publish, SystemCall reply)
    {
        var part = publish.Paths[0];
        var lastWrite = _calls.Where(call => IsWriteTo(call, part)).MaxBy(call => call.Ended);
        var made = _calls.FirstOrDefault(call => call.Name == "openat" && call.Result >= 0 && call.Paths.Contains(part));
        CheckSynced(one, part, lastWrite, entry, "its bytes were not durable before its entry was written");
        CheckSynced(one, Path.GetDirectoryName(part)!, made, entry, "its part file's name was not durable before its entry was written");
        CheckSynced(one, Path.GetDirectoryName(publish.Paths[^1])!, publish, reply, "acknowledged before its folder was durable");
        for (var folder = Path.GetDirectoryName(publish.Paths[^1])!; folder != _root; folder = Path.GetDirectoryName(folder)!)
            if (_calls.FirstOrDefault(call => call.Name == "mkdirat" && call.Result == 0 && call.Paths[^1] == folder) is { } making)
                CheckSynced(one, Path.GetDirectoryName(folder)!, making, reply, "acknowledged before the folder above was durable");
    }

    /// <summary>Somebody must have synced the path behind one call and before the other.</summary>
    private void CheckSynced(Told one, string path, SystemCall? behind, SystemCall before, string otherwise)
    {
        if (behind is null || !Syncs(path).Any(sync => sync.Began > behind.Ended && sync.Ended < before.Began))
            Blame(one, otherwise);
    }

    private void Before(Told one, SystemCall? first, SystemCall? second, string otherwise)
    {
        if (first is not null && second is not null && first.Ended >= second.Began)
            Blame(one, otherwise);
    }

    private SystemCall? Expect(Told one, string otherwise, SystemCall? call)
    {
        if (call is null)
            Blame(one, otherwise);
        return call;
    }

    private void Blame(Told one, string what) => _faults.Add($"{one.Name}: {what}");

    /// <summary>Those that ended well.</summary>
    private IEnumerable<SystemCall> Syncs(string path) => _calls.Where(call => call is { Result: 0, Ended: < SystemCall.Never }
        && (call.Name is "fsync" or "fdatasync" ? call.Target == path : call.Name == "syncfs"));

    private bool IsWriteTo(SystemCall call, string path) => call.Name is "pwrite64" or "pwritev" or "pwritev2" or "write" or "writev"
        && call.Result > 0 && (call.Target == path || call.Target.StartsWith(_root + path, StringComparison.Ordinal));

    [GeneratedRegex(@"(?<="")203(?="")|203(?=OK)|(?<=OK)203")]
    private static partial Regex Verdict();
}
