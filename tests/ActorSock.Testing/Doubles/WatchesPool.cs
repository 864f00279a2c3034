using ActorSock.Files;

namespace ActorSock.Testing.Doubles;

/// <summary>Looks at a gauge at each write, when blocks are certainly out, and remembers the most that it showed.</summary>
internal sealed class WatchesPool(IFileStore real) : StoreDouble(real)
{
    private long _most;

    /// <summary>What to look at; set when the node is there.</summary>
    public Func<long> Gauge { get; set; } = () => 0;

    public long Most => Interlocked.Read(ref _most);

    public override void Store(FileName name, ReadOnlySpan<byte> bytes, in FileStamp stamp = default)
    {
        Look();
        base.Store(name, bytes, stamp);
    }

    protected override IIncomingFile Around(IIncomingFile file) => new Watching(file, this);

    private void Look()
    {
        var now = Gauge();
        for (var most = Most; now > most; most = Most)
            Interlocked.CompareExchange(ref _most, now, most);
    }

    private sealed class Watching(IIncomingFile real, WatchesPool store) : FileDouble(real)
    {
        public override void Write(ReadOnlySpan<byte> bytes)
        {
            store.Look();
            base.Write(bytes);
        }
    }
}
