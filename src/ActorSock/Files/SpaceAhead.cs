using ActorSock.Settings;

namespace ActorSock.Files;

/// <summary>Takes disk space ahead of what is written to a part file, in bounded steps.</summary>
/// <remarks>
/// Never beyond the announced end: what a header announces costs nothing until bytes come. What fits into one write gains nothing
/// by it.
/// </remarks>
/// <param name="root">says what the disk has to give</param>
/// <param name="part">is written</param>
/// <param name="name">the final name</param>
/// <param name="settings">how far ahead</param>
/// <param name="start">where in the part file the writing begins</param>
/// <param name="end">where it will end; null when nobody has said that</param>
internal sealed class SpaceAhead(FileRoot root, IPart part, FileName name, FilesSettings settings, long start, long? end)
{
    private long _bytes; // taken, from the start on

    /// <summary>Up to where space was taken.</summary>
    public long Taken => start + _bytes;

    /// <summary>Takes what the next write needs.</summary>
    /// <param name="written">up to where was written</param>
    /// <param name="needed">up to where will be written</param>
    /// <exception cref="StorageException">There is no room.</exception>
    public void Take(long written, long needed)
    {
        if (needed <= Taken || (end is not null && settings.PreallocateBytes == 0) || (_bytes == 0 && needed >= end))
            return;
        if (end is null && (settings.PreallocateBytes == 0 || needed <= settings.DirectBytesMin))
        {
            root.ThrowIfNoRoomFor(name, needed - written); // nobody has said how much it would be
            return;
        }
        var step = Math.Min(Math.Max(settings.PreallocateBytes, needed - Taken), (end ?? long.MaxValue) - Taken);
        if (step <= 0)
            return;
        root.ThrowIfNoRoomFor(name, step);
        part.Preallocate(Taken, step);
        _bytes += step;
    }
}
