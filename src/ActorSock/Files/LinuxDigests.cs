using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Lets digests travel with files, in an extended attribute, where the file system keeps such.</summary>
/// <remarks>A digest that cannot be kept is no failure: it is computed when somebody asks. Thread-safe.</remarks>
internal sealed class LinuxDigests
{
    /// <summary>
    /// A file that was changed so shortly before may be changed again without its time telling: the system's clock for files
    /// goes in steps of some milliseconds, and on some file systems of two seconds.
    /// </summary>
    private static readonly TimeSpan s_unsettledFor = TimeSpan.FromSeconds(3);

    private volatile bool _isPossible = true, _isTried;

    /// <summary>Marks a file that nobody else can see yet.</summary>
    /// <remarks>
    /// Its time is set to one between the steps of the system's clock: so a change right behind it has another one.
    /// </remarks>
    public void Leave(SafeFileHandle file, long size, in FileStamp stamp)
    {
        if (!_isPossible || !stamp.Digests.AreKnown)
            return;
        var modifiedNs = FileFacts.NsOf(stamp.Modified);
        if (Posix.SetModified(file, modifiedNs) == Errno.None && KeepsTimes(file, modifiedNs))
            Leave(file, size, modifiedNs, stamp.Digests);
    }

    /// <summary>Marks a file whose digest was computed for somebody who asked, unless it may change unseen.</summary>
    public void Remember(SafeFileHandle file, in FileFacts before, in FileDigests digests, DateTimeOffset now)
    {
        if (!_isPossible || now - before.Modified < s_unsettledFor)
            return;
        if (Posix.FactsOf(file, out var after) == Errno.None && after == before)
            Leave(file, before.Size, before.ModifiedNs, digests);
    }

    /// <summary>The digests that travel with a file.</summary>
    public FileDigests Of(SafeFileHandle file, in FileFacts facts)
    {
        if (!_isPossible)
            return default;
        Span<byte> bytes = stackalloc byte[DigestAttribute.BytesMax];
        var errno = Posix.GetAttribute(file, DigestAttribute.Name, bytes, out var length);
        return errno == Errno.None ? DigestAttribute.Read(bytes[..length], facts.Size, facts.ModifiedNs) : default;
    }

    /// <summary>The same of a file by its path, which is shorter than to open it; none when it cannot be reached so.</summary>
    public FileDigests Of(ReadOnlySpan<byte> path, in FileFacts facts)
    {
        if (!_isPossible)
            return default;
        Span<byte> bytes = stackalloc byte[DigestAttribute.BytesMax];
        var errno = Posix.GetAttribute(path, DigestAttribute.Name, bytes, out var length);
        return errno == Errno.None ? DigestAttribute.Read(bytes[..length], facts.Size, facts.ModifiedNs) : default;
    }

    private void Leave(SafeFileHandle file, long size, long modifiedNs, in FileDigests digests)
    {
        Span<byte> bytes = stackalloc byte[DigestAttribute.BytesMax];
        var length = DigestAttribute.Write(bytes, size, modifiedNs, digests);
        if (Posix.SetAttribute(file, DigestAttribute.Name, bytes[..length]) is Errno.EOPNOTSUPP or Errno.ENOSYS)
            _isPossible = false;
    }

    /// <summary>Some file systems count time in whole seconds; there no digest would ever be found to stand for its file.</summary>
    private bool KeepsTimes(SafeFileHandle file, long modifiedNs)
    {
        if (!_isTried && Posix.FactsOf(file, out var facts) == Errno.None)
            (_isPossible, _isTried) = (facts.ModifiedNs == modifiedNs, true);
        return _isPossible;
    }
}
