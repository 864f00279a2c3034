using ActorSock.Files;

namespace ActorSock.Tests.Journal;

/// <summary>
/// Holds the files of a log and knows what of them would survive the power: what was synced, and of the rest as
/// many sectors as a test says.
/// </summary>
internal sealed class LogInMemory : ILogFolder
{
    public const int SectorBytes = 512;

    private readonly Dictionary<string, Contents> _files = [];

    /// <summary>Writes and syncs, in order: "write log-0 4096+8192", "sync log-0".</summary>
    public List<string> Steps { get; } = [];

    /// <summary>What the next step that begins like this throws.</summary>
    public (string Step, StorageFault Fault)? Fails { get; set; }

    /// <summary>Called before each step.</summary>
    public Action BeforeStep { get; set; } = () => { };

    /// <summary>The bytes of a file, as a process sees them.</summary>
    public byte[] this[string name]
    {
        get => _files[name].Seen;
        set => _files[name] = new Contents { Seen = value, Durable = [.. value] }; // as after a sync
    }

    public ILogFile OpenLogFile(string name, bool direct)
    {
        if (!_files.TryGetValue(name, out var contents))
            _files[name] = contents = new Contents();
        return new File(this, name, contents);
    }

    /// <summary>What a process finds that starts after this one was killed: everything written.</summary>
    public LogInMemory AfterKill()
    {
        var copy = Copy(contents => contents.Seen);
        foreach (var (name, contents) in _files)
            copy._files[name].HasMark = contents.HasMark;
        return copy;
    }

    /// <summary>The same, but for a file system that was mounted anew meanwhile.</summary>
    public LogInMemory AfterKillAndMount() => Copy(contents => contents.Seen);

    /// <summary>What is found after the power came back, when a choice says which sectors that were not synced got to the disk.</summary>
    public LogInMemory AfterPowerCut(Func<string, long, bool> sectorGotThrough)
    {
        var after = new LogInMemory();
        foreach (var (name, contents) in _files)
        {
            byte[] found = [.. contents.Durable];
            foreach (var (offset, length) in contents.Unsynced)
            {
                for (var at = offset; at < offset + length; at += SectorBytes)
                {
                    var bytes = Math.Min(SectorBytes, offset + length - at);
                    if (sectorGotThrough(name, at))
                        contents.Seen.AsSpan(at, bytes).CopyTo(found.AsSpan(at));
                }
            }
            after[name] = found;
        }
        return after;
    }

    private LogInMemory Copy(Func<Contents, byte[]> which)
    {
        var copy = new LogInMemory();
        foreach (var (name, contents) in _files)
            copy[name] = [.. which(contents)];
        return copy;
    }

    private void Step(string step)
    {
        BeforeStep();
        Steps.Add(step);
        if (Fails is { } fails && step.StartsWith(fails.Step, StringComparison.Ordinal))
            throw new StorageException(fails.Fault, $"cannot {step}", "told to fail", "nothing");
    }

    private sealed class Contents
    {
        public byte[] Seen = [];
        public byte[] Durable = [];
        public bool HasMark;
        public readonly List<(int Offset, int Length)> Unsynced = [];
    }

    private sealed class File(LogInMemory folder, string name, Contents contents) : ILogFile
    {
        public long Bytes => contents.Seen.Length;

        public void Resize(long bytes)
        {
            folder.Step($"resize {name} {bytes}");
            Array.Resize(ref contents.Seen, (int)bytes);
            contents.Durable = [.. contents.Seen];
            contents.Unsynced.Clear();
        }

        public int Read(Span<byte> bytes, long offset)
        {
            var there = contents.Seen.AsSpan((int)Math.Min(offset, contents.Seen.Length));
            there = there[..Math.Min(there.Length, bytes.Length)];
            there.CopyTo(bytes);
            return there.Length;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            folder.Step($"write {name} {offset}+{bytes.Length}");
            bytes.CopyTo(contents.Seen.AsSpan((int)offset));
            contents.Unsynced.Add(((int)offset, bytes.Length));
        }

        public bool IsRemoved => false;

        public bool HasMemoryMark => contents.HasMark;

        public void LeaveMemoryMark() => contents.HasMark = true;

        public void Sync()
        {
            folder.Step($"sync {name}");
            foreach (var (offset, length) in contents.Unsynced)
                contents.Seen.AsSpan(offset, length).CopyTo(contents.Durable.AsSpan(offset));
            contents.Unsynced.Clear();
        }

        public void Dispose()
        {
        }
    }
}
