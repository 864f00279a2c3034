using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorSock.Settings;

/// <summary>A place to listen at or to connect to: <c>HOST:PORT</c>, <c>[v6]:PORT</c>, <c>unix:/path</c>, and
/// with <c>udp://</c> in front one for datagrams.</summary>
[TypeConverter(typeof(EndpointConverter))]
public abstract record Endpoint
{
    // sockaddr_un.sun_path has 108 bytes on Linux and Windows and 104 on macOS and BSD, the closing zero
    // included (unix(7)).
    private static readonly int unixPathBytesMax =
        OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD() ? 103 : 107;

    private Endpoint() { }

    /// <summary>TCP. <paramref name="Host"/> is an address (IPv6 without brackets) or a name; port 0 asks the
    /// system for one.</summary>
    public sealed record Tcp(string Host, int Port) : Endpoint
    {
        /// <inheritdoc/>
        public override string ToString() =>
            Host.Contains(':') ? $"tcp://[{Host}]:{Port}" : $"tcp://{Host}:{Port}";
    }

    /// <summary>UDP, host and port as of <see cref="Tcp"/>.</summary>
    public sealed record Udp(string Host, int Port) : Endpoint
    {
        internal const string Scheme = "udp://";

        /// <inheritdoc/>
        public override string ToString() =>
            Host.Contains(':') ? $"{Scheme}[{Host}]:{Port}" : $"{Scheme}{Host}:{Port}";
    }

    /// <summary>A Unix domain socket. <paramref name="Path"/> is empty for a peer that has no name.</summary>
    public sealed record Unix(string Path) : Endpoint
    {
        /// <inheritdoc/>
        public override string ToString() => "unix:" + Path;
    }

    /// <summary>Reads an endpoint as an operator writes it; <c>tcp://</c> in front is tolerated.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="why">What is wrong with it, to be read after a colon.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out Endpoint? endpoint, [NotNullWhen(false)] out string? why)
    {
        ArgumentNullException.ThrowIfNull(text);
        (endpoint, why) = text.StartsWith("unix:", StringComparison.OrdinalIgnoreCase)
            ? ParseUnix(text[5..])
            : ParseTcp(text.StartsWith("tcp://", StringComparison.OrdinalIgnoreCase) || IsUdp(text) ? text[6..] : text);
        if (IsUdp(text) && endpoint is Tcp(var host, var port))
            endpoint = new Udp(host, port);
        return endpoint is not null;
    }

    private static bool IsUdp(string text) => text.StartsWith(Udp.Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an endpoint as an operator writes it.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Endpoint Parse(string text) =>
        TryParse(text, out var endpoint, out var why)
            ? endpoint
            : throw new FormatException($"{text} is no endpoint: {why}");

    /// <summary>The endpoint that a socket says it has.</summary>
    public static Endpoint From(EndPoint? endPoint) => endPoint switch
    {
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } ip => new Tcp($"{ip.Address.MapToIPv4()}", ip.Port),
        IPEndPoint ip => new Tcp($"{ip.Address}", ip.Port),
        DnsEndPoint dns => new Tcp(dns.Host, dns.Port),
        UnixDomainSocketEndPoint unix => new Unix(unix.ToString()),
        _ => new Unix(""),
    };

    /// <summary>The same of a socket for datagrams.</summary>
    public static Endpoint FromUdp(EndPoint? endPoint) =>
        From(endPoint) is Tcp(var host, var port) ? new Udp(host, port) : From(endPoint);

    /// <summary>What a socket can bind or connect to. A host name is looked up now, blocking; of several
    /// addresses the first IPv4 one is taken, because that is what simple clients of the same name
    /// use.</summary>
    /// <exception cref="SocketException">The host name has no address.</exception>
    public EndPoint Resolve()
    {
        if (this is Unix(var path)) return new UnixDomainSocketEndPoint(path);
        var (host, port) = this is Udp udp ? (udp.Host, udp.Port) : (((Tcp)this).Host, ((Tcp)this).Port);
        if (IPAddress.TryParse(host, out var literal)) return new IPEndPoint(literal, port);

        var addresses = Dns.GetHostAddresses(host);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        var v4 = addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork);
        return new IPEndPoint(v4 ?? addresses[0], port);
    }

    private static (Endpoint?, string?) ParseUnix(string path)
    {
        // Others write unix:///run/x.
        if (path.StartsWith("//", StringComparison.Ordinal)) path = "/" + path.TrimStart('/');
        if (path.Length == 0) return (null, "no path after unix:");
        if (path.Contains('\0')) return (null, "a path has no zero character");
        var bytes = Encoding.UTF8.GetByteCount(path);
        return bytes <= unixPathBytesMax
            ? (new Unix(path), null)
            : (null, $"its path has {bytes} bytes, a Unix socket's can have {unixPathBytesMax}");
    }

    private static (Endpoint?, string?) ParseTcp(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0) return (null, "no port");
        var (host, digits) = (text[..colon], text[(colon + 1)..]);
        if (!ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return (null, $"'{digits}' is no port from 0 to 65535");

        if (host.StartsWith('[') && host.EndsWith(']'))
            return IPAddress.TryParse(host, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6
                ? (new Tcp(v6.ToString(), port), null)
                : (null, $"'{host[1..^1]}' is no IPv6 address");
        if (host.Contains(':')) return (null, $"an IPv6 address stands in brackets: [{host}]:{port}");
        if (host is "" or "*")
            return (null, $"no host: for every address write 0.0.0.0:{port} or [::]:{port}");
        if (LooksLikeAddress(host))
            return IPAddress.TryParse(host, out var v4) && host.Count(c => c == '.') == 3
                ? (new Tcp(v4.ToString(), port), null)
                : (null, $"'{host}' is no IPv4 address");
        return Uri.CheckHostName(host) == UriHostNameType.Dns
            ? (new Tcp(host, port), null)
            : (null, $"'{host}' is no host name");
    }

    // "127.1" and "300.0.0.1" are numbers to one resolver and names to another: they are mistakes to us.
    private static bool LooksLikeAddress(string host) => host.All(c => char.IsAsciiDigit(c) || c == '.');
}
