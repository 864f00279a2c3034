namespace ActorSock.Files;

/// <summary>What the system says of something that has a name.</summary>
/// <param name="IsFile">Whether it is a regular file.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="Inode">Which one it is in its file system.</param>
/// <param name="Size">Bytes of a file.</param>
/// <param name="FileSystem">Which one it lies on.</param>
/// <param name="ModifiedNs">When its content was last changed: ns since 1970, as far as 64 bits tell.</param>
/// <param name="ChangedNs">When anything about it was last changed, which nobody can set back.</param>
internal readonly record struct FileFacts(
    bool IsFile, bool IsFolder, ulong Inode, ulong FileSystem, long Size, long ModifiedNs, long ChangedNs)
{
    private const long NsPerTick = 100;

    public DateTimeOffset Modified => DateTimeOffset.UnixEpoch.AddTicks(ModifiedNs / NsPerTick);

    /// <summary>A time of ours as the system counts it.</summary>
    public static long NsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * NsPerTick;
}
