using ActorSock.Files;

namespace ActorSock.Testing.Doubles;

/// <summary>Runs out of space after so many bytes of each file whose name fits.</summary>
internal sealed class DiskFullAfter(IFileStore real, long bytes, Func<string, bool> fits) : StoreDouble(real)
{
    protected override IIncomingFile Around(IIncomingFile file) => fits(file.Name.Value) ? new Full(file, bytes) : file;

    private sealed class Full(IIncomingFile real, long bytes) : FileDouble(real)
    {
        public override void Write(ReadOnlySpan<byte> written)
        {
            if (BytesWritten + written.Length > bytes)
                throw new StorageException(StorageFault.DiskFull, $"cannot store '{Name}'", "no space left on the disk", "free some");
            base.Write(written);
        }
    }
}
