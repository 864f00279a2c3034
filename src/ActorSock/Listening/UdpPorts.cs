namespace ActorSock.Listening;

/// <summary>Knows the ports that the node itself answers datagrams on.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class UdpPorts
{
    private int[] _ports = [];

    public bool Contains(int port) => Array.IndexOf(Volatile.Read(ref _ports), port) >= 0;

    public void Add(int port) => Change(ports => [.. ports, port]);

    public void Remove(int port) => Change(ports =>
    {
        var at = Array.IndexOf(ports, port);
        return at < 0 ? ports : [.. ports[..at], .. ports[(at + 1)..]];
    });

    private void Change(Func<int[], int[]> change)
    {
        int[] before;
        do
            before = Volatile.Read(ref _ports);
        while (Interlocked.CompareExchange(ref _ports, change(before), before) != before);
    }
}
