using System.Net.Sockets;

namespace ActorSock.Load.Driving;

/// <summary>Asks about each socket each time, on systems that .NET has nothing better for. Good for hundreds.</summary>
internal sealed class SelectReadiness : IReadiness
{
    private readonly Dictionary<Socket, Caller> _callers = [];
    private readonly List<Socket> _read = [], _write = [];

    public void Add(Socket socket, Caller caller) => _callers[socket] = caller;

    public void Wait(TimeSpan limit, List<Caller> ready)
    {
        _read.Clear();
        _write.Clear();
        foreach (var (socket, caller) in _callers)
        {
            if (caller.Socket != socket) _callers.Remove(socket);
            else (caller.WantsToWrite ? _write : _read).Add(socket);
        }
        // Who writes also reads: what cannot be written may be so because the node has said something and closed.
        _read.AddRange(_write);
        if (_read.Count == 0)
        {
            Thread.Sleep(limit);
            return;
        }
        Socket.Select(_read, _write, null, limit);
        foreach (var socket in _read.Union(_write)) ready.Add(_callers[socket]);
    }

    public void Dispose() => _callers.Clear();
}
