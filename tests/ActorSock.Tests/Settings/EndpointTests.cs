using System.Net;
using System.Net.Sockets;
using ActorSock.Settings;

namespace ActorSock.Tests.Settings;

public class EndpointTests
{
    [Theory]
    [InlineData("127.0.0.1:7070", "tcp://127.0.0.1:7070")]
    [InlineData("tcp://127.0.0.1:7070", "tcp://127.0.0.1:7070")]
    [InlineData("TCP://0.0.0.0:0", "tcp://0.0.0.0:0")]
    [InlineData("[::1]:7070", "tcp://[::1]:7070")]
    [InlineData("[0:0:0:0:0:0:0:1]:7070", "tcp://[::1]:7070")]
    [InlineData("tcp://[::]:65535", "tcp://[::]:65535")]
    [InlineData("localhost:1", "tcp://localhost:1")]
    [InlineData("node-1.example.org:7070", "tcp://node-1.example.org:7070")]
    [InlineData("unix:/run/a b.sock", "unix:/run/a b.sock")]
    [InlineData("unix:inbox/x.sock", "unix:inbox/x.sock")]
    [InlineData("unix:///run/x", "unix:/run/x")]
    public void It_is_written_one_way_however_it_was_read(string text, string written)
    {
        var endpoint = Endpoint.Parse(text);

        endpoint.ToString().ShouldBe(written);
        Endpoint.Parse(written).ShouldBe(endpoint);
    }

    [Theory]
    [InlineData("", "no port")]
    [InlineData("7070", "no port")]
    [InlineData("off", "no port")]
    [InlineData("localhost", "no port")]
    [InlineData("localhost:", "'' is no port")]
    [InlineData("localhost:-1", "'-1' is no port")]
    [InlineData("localhost:+1", "'+1' is no port")]
    [InlineData("localhost:65536", "'65536' is no port")]
    [InlineData("localhost:http", "'http' is no port")]
    [InlineData(":7070", "0.0.0.0:7070 or [::]:7070")]
    [InlineData("*:7070", "0.0.0.0:7070 or [::]:7070")]
    [InlineData("::1:7070", "[::1]:7070")]
    [InlineData("[::1:7070", "in brackets")]
    [InlineData("[127.0.0.1]:7070", "no IPv6 address")]
    [InlineData("[nonsense]:7070", "no IPv6 address")]
    [InlineData("300.0.0.1:7070", "no IPv4 address")]
    [InlineData("127.1:7070", "no IPv4 address")]
    [InlineData("a b:7070", "no host name")]
    [InlineData("http://localhost:7070", "in brackets")]
    [InlineData("unix:", "no path")]
    [InlineData("unix:a\0b", "zero character")]
    public void What_is_wrong_is_told(string text, string told)
    {
        Endpoint.TryParse(text, out var endpoint, out var why).ShouldBeFalse();

        endpoint.ShouldBeNull();
        why.ShouldNotBeNull().ShouldContain(told);
        Should.Throw<FormatException>(() => Endpoint.Parse(text)).Message.ShouldContain(told);
    }

    [Fact]
    public void A_unix_path_is_as_long_as_the_system_allows()
    {
        var longest = OperatingSystem.IsMacOS() ? 103 : 107;

        Endpoint.Parse("unix:/" + new string('x', longest - 1)).Resolve().ShouldNotBeNull();
        Endpoint.TryParse("unix:/" + new string('x', longest), out _, out var why).ShouldBeFalse();
        why.ShouldNotBeNull().ShouldContain($"{longest + 1} bytes");
        Endpoint.TryParse("unix:/" + new string('数', longest / 2), out _, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("127.0.0.1:7070", "127.0.0.1:7070")]
    [InlineData("[::1]:7070", "[::1]:7070")]
    [InlineData("localhost:7070", "127.0.0.1:7070")]
    [InlineData("unix:/run/x", "/run/x")]
    public void It_resolves_to_what_a_socket_takes(string text, string resolved) =>
        Endpoint.Parse(text).Resolve().ToString().ShouldBe(resolved);

    [Fact]
    public void What_a_socket_says_reads_the_same_way()
    {
        Endpoint.From(IPEndPoint.Parse("10.0.0.1:5")).ToString().ShouldBe("tcp://10.0.0.1:5");
        Endpoint.From(IPEndPoint.Parse("[::ffff:10.0.0.1]:5")).ToString().ShouldBe("tcp://10.0.0.1:5");
        Endpoint.From(IPEndPoint.Parse("[2001:db8::1]:5")).ToString().ShouldBe("tcp://[2001:db8::1]:5");
        Endpoint.From(new DnsEndPoint("node", 5)).ToString().ShouldBe("tcp://node:5");
        Endpoint.From(new UnixDomainSocketEndPoint("/run/x")).ToString().ShouldBe("unix:/run/x");
        Endpoint.From(null).ToString().ShouldBe("unix:");
    }
}
