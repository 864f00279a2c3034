using System.Net;
using System.Net.Sockets;
using ActorSock.Client.Native;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Tests.Native;

/// <summary>Nodes that say nothing, or nothing more.</summary>
public sealed class SilentNodeTests
{
    [Fact]
    public async Task A_list_that_stops_in_the_middle_is_asked_for_again()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node, InHaste);
        foreach (var number in Enumerable.Range(0, 30)) node.Files[$"{number:00}"] = PaperFile.Of([]);
        node.Fail<NativeRequest.List>(new Fault.StallInAnswer(100));

        var names = await Clients.AllAsync(client.ListAsync());

        names.Count.ShouldBe(30);
    }

    [Fact]
    public async Task Parts_that_are_listed_no_further_are_asked_for_again()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node, InHaste);
        using var folder = new TempFolder();
        var content = Clients.Bytes(1_000_000);
        var there = node.Uploads["mine"] = new PaperUpload();
        there.Parts[0] = content[..409_600];
        node.Fail<NativeRequest.Resume>(new Fault.StallInAnswer(10));

        await client.PutFileAsync(folder.Write("a", content), "a", new PutOptions { Upload = "mine", PartsAtOnce = 2, PartBytes = 409_600 });

        node.Files["a"].Content.ShouldBeBytes(content);
    }

    [Fact]
    public async Task Who_gives_up_waits_for_the_rest_of_an_answer_a_moment_only()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node, options => InHaste(options) with { ReplyLimit = TimeSpan.FromDays(30) });
        node.Files["a"] = PaperFile.Of(new byte[100_000]);
        node.Fail<NativeRequest.Get>(new Fault.StallInAnswer(50_000));
        using var cancel = new CancellationTokenSource();
        using var _ = client.Transfers.Subscribe(each =>
        {
            if (each.DoneBytes == 50_000) cancel.Cancel();
        });

        await Should.ThrowAsync<OperationCanceledException>(client.GetAsync("a", new MemoryStream(), cancel: cancel.Token));

        await client.GetAsync("a", new MemoryStream());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_that_does_not_answer_is_waited_for_once_by_all(bool inConnectionsOfTheirOwn)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var clock = new ClockThatStrikes();
        await using var client = Clients.Of($"{listener.LocalEndPoint}",
            options => options with { Clock = clock, Retry = RetryOptions.None, ConnectionsMax = 2 });

        var asking = Enumerable.Range(0, 20).Select(number => inConnectionsOfTheirOwn
            ? client.GetAsync($"{number}", new MemoryStream())
            : (Task)client.StatAsync($"{number}")).ToArray();
        using var connection = await listener.AcceptAsync();
        clock.Strike();

        foreach (var asked in asking) await Should.ThrowAsync<NodeLostException>(asked);
        listener.Poll(0, SelectMode.SelectRead).ShouldBeFalse();
    }

    [Fact]
    public async Task A_connection_on_which_nothing_is_heard_of_ends()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();

        using var socket = await ServerSocket.ConnectAsync($"{listener.LocalEndPoint}");

        var limit = new byte[4];
        socket.GetRawSocketOption(6, 18, limit).ShouldBe(4); // TCP_USER_TIMEOUT
        BitConverter.ToInt32(limit).ShouldBe(120_000);
    }

    private static NodeOptions InHaste(NodeOptions options) => options with
    {
        Clock = new ClockInHaste(),
        Retry = new RetryOptions { AttemptsMax = 1000, DelayFirst = TimeSpan.Zero, DelayMax = TimeSpan.Zero },
    };
}
