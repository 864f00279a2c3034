using ActorSock.Files;
using ActorSock.Settings;

namespace ActorSock.Uploads;

/// <summary>Writes one part at its offset into the part file that all parts share.</summary>
internal sealed class PartPlace(FileRoot root, FilesSettings settings, IPart part, FileName name, long offset, long bytes) : IPartPlace
{
    private readonly SpaceAhead _space = new(root, part, name, settings, offset, offset + bytes);

    public long BytesWritten { get; private set; }

    public void Write(ReadOnlySpan<byte> written)
    {
        if (written.Length > bytes - BytesWritten)
            throw new InvalidOperationException($"a part of {bytes} bytes got {BytesWritten + written.Length}");
        var at = offset + BytesWritten;
        _space.Take(at, at + written.Length);
        part.Write(written, at);
        BytesWritten += written.Length;
    }

    public void Sync() => part.SyncBytes();

    public void Dispose() => part.Dispose();
}
