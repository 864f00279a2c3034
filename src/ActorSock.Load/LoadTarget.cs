using System.Net;
using System.Net.Sockets;
using ActorSock.Client;
using ActorSock.Load.Driving;
using ActorSock.Load.Scenarios;

namespace ActorSock.Load;

/// <summary>Finds the node, and sees to it that a load test meets nobody who has not asked for it.</summary>
internal static class LoadTarget
{
    /// <summary>Finds the node and opens one connection to it.</summary>
    /// <param name="address"><c>HOST:PORT</c>, <c>[v6]:PORT</c> or <c>unix:/path</c>.</param>
    /// <param name="anywhere">Whether it may be on another machine.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ScenarioException">It is on another machine.</exception>
    /// <exception cref="NodeUnreachableException">It cannot be found, or takes no connections.</exception>
    public static async Task<Target> FindAsync(string address, bool anywhere, CancellationToken cancel)
    {
        try
        {
            var node = await ResolveAsync(ServerAddress.Parse(address), cancel);
            if (!anywhere && node is IPEndPoint ip && !IPAddress.IsLoopback(ip.Address))
                throw new ScenarioException($"{address} is {ip.Address}, another machine: a load test there looks like an attack to whoever "
                    + "runs it: name a node on this machine, or say --anywhere when it is yours");
            var target = new Target(node);
            using var probe = new Socket(node.AddressFamily, SocketType.Stream,
                node is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
            await probe.ConnectAsync(node, cancel);
            return target;
        }
        catch (SocketException cannot)
        {
            throw new NodeUnreachableException($"cannot reach {address}: {cannot.Message}: start a node there, or name another with --to", cannot);
        }
    }

    private static async Task<EndPoint> ResolveAsync(EndPoint named, CancellationToken cancel)
    {
        if (named is not DnsEndPoint name) return named;
        var addresses = await Dns.GetHostAddressesAsync(name.Host, cancel);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        var v4 = Array.Find(addresses, each => each.AddressFamily == AddressFamily.InterNetwork);
        return new IPEndPoint(v4 ?? addresses[0], name.Port);
    }
}
