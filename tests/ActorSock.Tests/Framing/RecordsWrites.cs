using ActorSock.Files;
using ActorSock.Testing.Doubles;

namespace ActorSock.Tests.Framing;

/// <summary>Remembers of each write to a part file where it was in memory and in the file.</summary>
internal sealed class RecordsWrites(IFileStore real) : StoreDouble(real)
{
    private readonly List<(long Address, long Offset, int Length)> _writes = [];

    public IReadOnlyList<(long Address, long Offset, int Length)> Writes
    {
        get { lock (_writes) return [.. _writes]; }
    }

    protected override IIncomingFile Around(IIncomingFile file) => new Recorded(file, this);

    private sealed class Recorded(IIncomingFile real, RecordsWrites store) : FileDouble(real)
    {
        public override unsafe void Write(ReadOnlySpan<byte> bytes)
        {
            fixed (byte* start = bytes)
            {
                lock (store._writes)
                    store._writes.Add(((long)start, BytesWritten, bytes.Length));
            }
            base.Write(bytes);
        }
    }
}
