using System.Net.Sockets;

namespace ActorSock.Load.Driving;

/// <summary>Tells one thread which of its sockets can be read or written. A closed socket needs no removal.</summary>
internal interface IReadiness : IDisposable
{
    /// <summary>Watches a socket from now on.</summary>
    void Add(Socket socket, Caller caller);

    /// <summary>Waits for any of them.</summary>
    /// <param name="limit">How long at most.</param>
    /// <param name="ready">Takes those that something happened to; it may be nothing that they wait for.</param>
    void Wait(TimeSpan limit, List<Caller> ready);
}
