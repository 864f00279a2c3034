using System.Security.Cryptography;
using System.Text;
using ActorSock.Wire;

namespace ActorSock.Client.Native;

/// <summary>Remembers the digests of the files of one folder, so that those that have not changed need not be read again.</summary>
/// <remarks>
/// A <see cref="DigestRun"/> for each folder. Files are looked for in the order of a walk, so the old one is read and, when anything has
/// changed, a new one written as the walk goes on; what is digested meanwhile comes in any order, is sorted some ten thousand at a
/// time, and merged in the end. So no more than that is held, however many files there are.
/// </remarks>
internal sealed class DigestCache : IDisposable
{
    private const int FreshMax = 1 << 16;
    private static readonly TimeSpan s_abandoned = TimeSpan.FromDays(2);

    private readonly string _path;
    private readonly int _freshMax;
    private readonly List<DigestEntry> _fresh = [];
    private readonly List<string> _runs = [];
    private readonly Lock _gate = new();
    private IEnumerator<DigestEntry>? _known;
    private DigestRun.Writer? _kept;
    private Exception? _problem;
    private int _sameCount;
    private bool _hasKnown;

    private DigestCache(string path, int freshMax) => (_path, _freshMax) = (path, freshMax);

    /// <summary>Opens the cache of a folder.</summary>
    /// <param name="caches">Where caches are kept.</param>
    /// <param name="folder">Of which folder.</param>
    /// <param name="freshMax">How many digests are held before they are written down.</param>
    public static DigestCache Open(string caches, string folder, int freshMax = FreshMax)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(folder))))[..32];
        return new DigestCache(Path.Combine(caches, name + ".digests"), freshMax);
    }

    /// <summary>What is remembered of a file that has not changed since it was remembered. To be asked for in the order of a walk.</summary>
    /// <param name="folder">Its folder, with <c>/</c> at the end; empty for the uppermost.</param>
    /// <param name="name">Its name in that.</param>
    /// <param name="stamp">What it is now.</param>
    public DigestEntry? Find(string folder, string name, FileStamp stamp)
    {
        lock (_gate)
        {
            var order = -1;
            Begin();
            // What the walk has passed is not there any more.
            while (_hasKnown && (order = _known!.Current.CompareTo(folder, name)) < 0) Drop();
            if (!_hasKnown || order != 0) return null;
            var known = _known!.Current;
            if (known.Stamp != stamp)
            {
                Drop();
                return null;
            }
            _sameCount++;
            if (_kept is not null) Try(() => _kept.Write(known));
            Advance();
            return known;
        }
    }

    /// <summary>Remembers a digest.</summary>
    /// <param name="folder">The folder of the file.</param>
    /// <param name="name">Its name in that.</param>
    /// <param name="stamp">Its stamp, before it was read and afterwards.</param>
    /// <param name="md5">Its digest.</param>
    /// <param name="read">When the reading began. A file that was written just then may be written again without another
    /// stamp.</param>
    public void Remember(string folder, string name, FileStamp stamp, Md5Digest md5, DateTimeOffset read)
    {
        if (!stamp.IsSettled(read)) return;
        lock (_gate)
        {
            _fresh.Add(new DigestEntry(new DigestFolder(folder), name, stamp, md5));
            if (_fresh.Count >= _freshMax) Try(WriteFresh);
        }
    }

    /// <summary>Writes down what is to be known the next time. Nothing else may be asked of it then.</summary>
    /// <param name="isWhole">Whether all files have been looked for since it was opened: what was not found then is
    /// forgotten.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Save(bool isWhole)
    {
        lock (_gate)
        {
            try
            {
                Try(() => Replace(isWhole));
            }
            finally
            {
                Dispose();
            }
            if (_problem is not null) throw _problem;
        }
    }

    /// <summary>Leaves nothing behind but what was saved.</summary>
    public void Dispose()
    {
        _known?.Dispose();
        _kept?.Dispose();
        foreach (var run in _runs) Remove(run);
        _runs.Clear();
    }

    // What cannot be removed does no harm, and the run that is over is not to fail for it.
    private static void Remove(string run)
    {
        try
        {
            File.Delete(run);
        }
        catch (Exception no) when (no is IOException or UnauthorizedAccessException)
        {
            // RemoveAbandoned comes by some day.
        }
    }

    private void Replace(bool isWhole)
    {
        if (_known is null && _fresh.Count == 0) return; // nobody has asked
        Begin();
        if (isWhole && _hasKnown) Kept();
        if (_kept is null && _fresh.Count == 0) return; // it is as it was
        var kept = Kept();
        for (; _hasKnown && !isWhole; Advance()) kept.Write(_known!.Current);
        kept.Finish();
        kept.Dispose();
        _known!.Dispose();
        if (_runs.Count > 1 || _fresh.Count > 0)
        {
            _fresh.Sort(ByName);
            var merged = DigestRun.Merge([.. _runs.Select(DigestRun.Read), _fresh]);
            // It comes first among the runs, and so takes the place of the one that is kept.
            _runs.Insert(0, NewPath());
            using var whole = new DigestRun.Writer(_runs[0]);
            foreach (var entry in merged) whole.Write(entry);
            whole.Finish();
        }
        File.Move(_runs[0], _path, overwrite: true);
        RemoveAbandoned();
    }

    private void WriteFresh()
    {
        Kept();
        _fresh.Sort(ByName);
        var path = NewPath();
        _runs.Add(path);
        using var run = new DigestRun.Writer(path);
        foreach (var entry in _fresh) run.Write(entry);
        run.Finish();
        _fresh.Clear();
    }

    // The first of the runs: what was known and is still so. There is none before something is not.
    private DigestRun.Writer Kept()
    {
        if (_kept is not null) return _kept;
        var folder = Path.GetDirectoryName(_path)!;
        // The names of files are nobody else's business.
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = NewPath();
        _kept = new DigestRun.Writer(path);
        _runs.Insert(0, path);
        foreach (var same in DigestRun.Read(_path).Take(_sameCount)) _kept.Write(same);
        return _kept;
    }

    // A cache that cannot be written is told in the end, and until then does no harm.
    private void Try(Action act)
    {
        if (_problem is not null)
        {
            _fresh.Clear();
            return;
        }
        try
        {
            act();
        }
        catch (Exception no) when (no is IOException or UnauthorizedAccessException)
        {
            _problem = no;
        }
    }

    // It is not so any more.
    private void Drop()
    {
        Try(() => Kept());
        Advance();
    }

    private void Advance() => _hasKnown = _known!.MoveNext();

    // All of the file is read for its digest: nobody but who asks first is to wait for that.
    private void Begin()
    {
        if (_known is not null) return;
        _known = DigestRun.Read(_path).GetEnumerator();
        Advance();
    }

    // Of those who were killed.
    private void RemoveAbandoned()
    {
        foreach (var run in Directory.EnumerateFiles(Path.GetDirectoryName(_path)!, Path.GetFileName(_path) + ".*"))
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(run) > s_abandoned)
                File.Delete(run);
    }

    private string NewPath() => $"{_path}.{Guid.NewGuid():N}";

    private static int ByName(DigestEntry one, DigestEntry other) => one.CompareTo(other.Folder.Name, other.Name);
}
