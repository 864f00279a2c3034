using System.Diagnostics;
using System.Security.Cryptography;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>Remembers what clients have sent and been told, and holds a root against it. Thread-safe.</summary>
internal sealed class Ledger
{
    private readonly Lock _lock = new();
    private readonly List<Sent> _all = [];
    private readonly HashSet<string> _takenAway = [];
    private TaskCompletionSource _acknowledged = NewPromise();

    public IReadOnlyList<Sent> All
    {
        get
        {
            lock (_lock)
                return [.. _all];
        }
    }

    public int AcknowledgedCount => All.Count(sent => sent.IsAcknowledged);

    /// <param name="name">with <c>/</c> between folders</param>
    /// <param name="body">all of it</param>
    /// <param name="isRight">whether the client will send all of it and its right digest</param>
    public Sent Begin(string name, byte[] body, bool isRight = true)
    {
        var digest = Convert.ToHexStringLower(MD5.HashData(body));
        var sent = new Sent(name, body.Length, digest, isRight, Stopwatch.GetTimestamp());
        lock (_lock)
            _all.Add(sent);
        return sent;
    }

    public void End(Sent sent, string verdict)
    {
        lock (_lock)
        {
            (sent.Ended, sent.Verdict) = (Stopwatch.GetTimestamp(), verdict);
            if (!sent.IsAcknowledged)
                return;
            _acknowledged.SetResult();
            _acknowledged = NewPromise();
        }
    }

    /// <summary>Waits for the next acknowledgement.</summary>
    public Task NextAcknowledged()
    {
        lock (_lock)
            return _acknowledged.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Removes a file from the root, as whoever has a use for it does.</summary>
    public void TakeAway(string root, string name)
    {
        lock (_lock)
            _takenAway.Add(name);
        File.Delete(Path.Combine(root, name));
    }

    /// <summary>
    /// Everything acknowledged is there and whole, with one record in the journal; nothing else is but whole uploads; every record has
    /// its file. What a recovered node has left out is not to come later.
    /// </summary>
    public void ShouldBeKeptBy(StoredRoot root)
    {
        lock (_lock)
        {
            root.Parts.ShouldBeEmpty();
            foreach (var versions in _all.GroupBy(sent => sent.Name))
            {
                ShouldBeRecorded(versions, root);
                if (!_takenAway.Contains(versions.Key))
                    ShouldBeVisible([.. versions], root.Files.GetValueOrDefault(versions.Key));
            }
            root.Files.Keys.Except(_all.Select(sent => sent.Name)).ShouldBeEmpty("nobody has sent them");
            var last = root.Records.Where(record => !_takenAway.Contains(record.Name)).GroupBy(record => record.Name).Select(records => records.Last());
            last.ToDictionary(record => record.Name, record => record.File)
                .ShouldBe(root.Files, ignoreOrder: true, "the last record of each name and its file differ");
            foreach (var sent in _all.Where(sent => sent.Verdict.Length == 0))
                (sent.MayAppear, sent.Ended) = (root.Records.Any(sent.IsOf), Stopwatch.GetTimestamp());
        }
    }

    private static void ShouldBeRecorded(IEnumerable<Sent> versions, StoredRoot root)
    {
        foreach (var same in versions.GroupBy(sent => sent.Digest))
        {
            var records = root.Records.Count(same.First().IsOf);
            var acknowledged = same.Count(sent => sent.IsAcknowledged);
            var possible = same.Count(sent => sent.MayAppear);
            if (records < acknowledged || records > possible)
                throw new ShouldAssertException($"{same.First()} has {records} records; it was acknowledged {acknowledged} times, "
                    + $"and {possible} are possible");
        }
    }

    private static void ShouldBeVisible(Sent[] versions, StoredFile? visible)
    {
        var acknowledged = versions.Where(sent => sent.IsAcknowledged).ToArray();
        if (visible is null)
        {
            acknowledged.ShouldBeEmpty("acknowledged, and not there");
            return;
        }
        var candidates = versions.Where(sent => sent.MayAppear && sent.Digest == visible.Digest && sent.Bytes == visible.Bytes).ToArray();
        if (candidates.Length == 0)
            throw new ShouldAssertException($"{versions[0].Name} is {visible}, which nobody sent whole; sent were:\n{Lines(versions)}");
        if (!candidates.Any(sent => acknowledged.All(other => other.Begun <= sent.Ended)))
            throw new ShouldAssertException($"{versions[0].Name} is {visible}, which is too old; sent were:\n{Lines(versions)}");
    }

    private static TaskCompletionSource NewPromise() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string Lines(IEnumerable<Sent> versions) => string.Join('\n', versions);
}
