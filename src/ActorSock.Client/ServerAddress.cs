using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ActorSock.Client;

/// <summary>Reads the address of a server: <c>HOST:PORT</c>, <c>[v6]:PORT</c> or <c>unix:/path</c>.</summary>
public static class ServerAddress
{
    private const string UnixScheme = "unix:";

    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">It is none; the message says why and what to write.</exception>
    public static EndPoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith(UnixScheme, StringComparison.Ordinal)) return ParseUnix(text);

        var colon = text.LastIndexOf(':');
        if (colon < 0) throw Misread(text, "it has no port");
        var (host, digits) = (text[..colon], text[(colon + 1)..]);
        var isPort = ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        if (!isPort || port == 0) throw Misread(text, "its port is no number from 1 to 65535");
        if (host.Length == 0) throw Misread(text, "it has no host");
        if (host is ['[', .. var inner, ']'])
            return IPAddress.TryParse(inner, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6
                ? new IPEndPoint(v6, port)
                : throw Misread(text, "there is no IPv6 address in the brackets");
        if (host.Contains(':')) throw Misread(text, "an IPv6 address goes in brackets");
        return IPAddress.TryParse(host, out var v4) ? new IPEndPoint(v4, port) : new DnsEndPoint(host, port);
    }

    private static UnixDomainSocketEndPoint ParseUnix(string text)
    {
        var path = text[UnixScheme.Length..];
        if (path.Length == 0) throw Misread(text, "it has no path");
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw Misread(text, "its path is longer than a socket's can be");
        }
    }

    private static FormatException Misread(string text, string why) =>
        new($"cannot read the address '{text}': {why}: write HOST:PORT, [v6]:PORT or unix:/path");
}
