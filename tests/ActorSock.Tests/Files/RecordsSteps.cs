using ActorSock.Files;
using ActorSock.Wire;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Tests.Files;

/// <summary>
/// Stands for a disk: writes down what it is asked to do, and fails at one step if told so.
/// </summary>
internal sealed class RecordsSteps : IVolume
{
    public List<string> Steps { get; } = [];

    /// <summary>The step that fails, by its first word.</summary>
    public string? FailsAt { get; set; }

    public long FreeBytes { get; set; } = 1L << 40;

    public void Probe(FileName name) => Step($"probe {name}");

    public void ThrowIfTaken(FileName name) => Step($"look {name}");

    public IPart CreatePart(string partName, FileName name, bool direct)
    {
        Step($"create {name}");
        return new Part(this);
    }

    public IReadOnlyList<PartSeen> Parts() => [];

    public void RemovePart(string partName) => Step("remove-part");

    public bool HasPart(string partName) => false;

    public void Store(FileName name, ReadOnlySpan<byte> bytes, in FileStamp stamp) => Step($"store {name}");

    public void PublishPart(string partName, FileName name) => Step($"publish-part {name}");

    public void SyncFolder(FileName name) => Step($"sync-folder {name}");

    public void SyncAll() => Step("sync-all");

    public bool Check(FileName name, long size, Md5Digest? digest) => false;

    public StoredFile? Stat(FileName name) => null;

    public StoredFile? Digest(FileName name, DateTimeOffset now) => null;

    public IStoredFile? Open(FileName name) => null;

    public IFolderReader? OpenFolder(string path) => null;

    public bool Exists(FileName name) => false;

    public bool Remove(FileName name) => false;

    public bool RemoveEmptyFolder(FileName name) => false;

    public void Rename(FileName name, FileName to) => Step($"rename {name} {to}");

    public IPart? OpenPart(string partName, FileName name, bool direct) => null;

    public SafeFileHandle? OpenBeside(string name, bool create) => null;

    public IReadOnlyList<PartSeen> Staged(string ending) => [];

    public void SyncStaging() => Step("sync-staging");

    public StringComparer NameComparer => StringComparer.Ordinal;

    public ILogFile OpenLogFile(string name, bool direct) => throw new NotSupportedException();

    public void Dispose() => Step("close");

    private void Step(string step)
    {
        Steps.Add(step);
        if (FailsAt == step.Split(' ')[0])
            throw new StorageException(StorageFault.Failed, $"cannot {step}", "told to fail", "nothing");
    }

    private sealed class Part(RecordsSteps volume) : IPart
    {
        public void Write(ReadOnlySpan<byte> bytes, long offset) =>
            volume.Step($"write {offset}+{bytes.Length}");

        public void Preallocate(long offset, long length) => volume.Step($"preallocate {offset}+{length}");

        public int Read(Span<byte> bytes, long offset) => throw new NotSupportedException();

        public long Length => throw new NotSupportedException();

        public void SyncBytes() => volume.Step("sync");

        public void Truncate(long length) => volume.Step($"truncate {length}");

        public void Seal(in FileStamp stamp) => volume.Step("seal");

        public void Remove() => volume.Step("remove");

        public void Dispose() => volume.Step("close-part");
    }
}
