using System.Net;
using System.Net.Sockets;

namespace ActorSock.Client.Tests;

/// <summary>Sockets for datagrams, as they are opened by an address that somebody wrote.</summary>
public sealed class ServerSocketTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")] // which has an address of each version, as a rule: clients and nodes take the same one
    public async Task A_socket_for_datagrams_hears_its_server_alone(string host)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        stranger.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var buffer = new byte[100];

        using var client = await ServerSocket.ConnectUdpAsync($"{host}:{((IPEndPoint)server.LocalEndPoint!).Port}", patience.Token);
        await client.SendAsync("hello"u8.ToArray(), patience.Token);
        var asked = await server.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), patience.Token);
        await stranger.SendToAsync("from elsewhere"u8.ToArray(), asked.RemoteEndPoint, patience.Token);
        await server.SendToAsync("hi"u8.ToArray(), asked.RemoteEndPoint, patience.Token);

        var length = await client.ReceiveAsync(buffer, patience.Token);
        buffer[..length].ShouldBe("hi"u8.ToArray());
    }

    [Theory]
    [InlineData("unix:/tmp/a.sock", "cannot send datagrams to 'unix:/tmp/a.sock'")]
    [InlineData("127.0.0.1", "it has no port")]
    public async Task What_is_no_address_for_datagrams_is_told(string address, string why) =>
        (await Should.ThrowAsync<FormatException>(ServerSocket.ConnectUdpAsync(address))).Message.ShouldContain(why);

    [Fact]
    public async Task A_name_that_nobody_has_is_not_found() =>
        (await Should.ThrowAsync<SocketException>(ServerSocket.ConnectUdpAsync("nobody.invalid:7071")))
            .SocketErrorCode.ShouldBeOneOf(SocketError.HostNotFound, SocketError.TryAgain);
}
