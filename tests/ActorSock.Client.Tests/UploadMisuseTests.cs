using System.Net.Sockets;
using ActorSock.Wire;

namespace ActorSock.Client.Tests;

/// <summary>What the caller, the file or the clock can do to an upload.</summary>
public sealed class UploadMisuseTests
{
    [Fact]
    public async Task A_reply_that_does_not_come_is_not_waited_for_longer_than_the_limit()
    {
        var clock = new ClockThatStrikes();
        await using var server = TestServer.Start(TestServer.ListenAsync);
        var options = new UploadOptions { ReplyLimit = TimeSpan.FromMinutes(2), Clock = clock };
        await using (var connection = await UploadConnection.ConnectAsync(server.Address, options))
        {
            var putting = PutAsync(connection, new MemoryStream(new byte[5]), 5);
            await clock.SetAsync();
            clock.Strike();

            (await putting).ShouldBe(new UploadOutcome.Closed("no reply came within 00:02:00"));
            connection.IsOpen.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Cancelling_in_the_middle_of_a_body_closes_the_connection()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = TestServer.Start(TestServer.ListenAsync);
        await using (var connection = await UploadConnection.ConnectAsync(server.Address))
        {
            using var body = new ZerosThat(read => { if (read > 5_000_000) cancel.Cancel(); });

            await Should.ThrowAsync<OperationCanceledException>(
                () => connection.PutAsync(Dialect.DigestAfter, "a", body, 1L << 40, cancel: cancel.Token));

            connection.IsOpen.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_file_that_became_shorter_ends_the_connection_and_says_so()
    {
        await using var server = TestServer.Start(TestServer.ListenAsync);
        await using (var connection = await UploadConnection.ConnectAsync(server.Address))
        {
            var thrown = await Should.ThrowAsync<EndOfStreamException>(
                () => PutAsync(connection, new MemoryStream(new byte[7]), 9));

            thrown.Message.ShouldBe("the body ended after 7 of 9 bytes");
            connection.IsOpen.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_file_that_is_found_wanting_before_it_was_begun_leaves_the_connection_open()
    {
        await using var server = TestServer.Start(TestServer.NewPaper());
        await using var connection = await UploadConnection.ConnectAsync(server.Address);
        using var endless = new ZerosThat(_ => { });

        await Should.ThrowAsync<EndOfStreamException>(
            () => PutAsync(connection, new MemoryStream(new byte[7]), 9, Dialect.DigestInHeader));
        await Should.ThrowAsync<ArgumentException>(
            () => PutAsync(connection, endless, 9, Dialect.DigestInHeader));
        await Should.ThrowAsync<ArgumentException>(() => PutAsync(connection, endless, -1));

        (await PutAsync(connection, endless, 9)).ShouldBeOfType<UploadOutcome.Stored>();
    }

    [Fact]
    public async Task Only_one_file_at_a_time_goes_over_a_connection()
    {
        var hasOne = new TaskCompletionSource();
        await using var server = TestServer.Start(async peer =>
        {
            await TestServer.ReceivePrefixedHeaderAsync(peer);
            await TestServer.ReceiveAsync(peer, 5);
            await hasOne.Task;
            await TestServer.SayAsync(peer, "OK");
            await TestServer.ReceiveAsync(peer, 32);
            await TestServer.SayAsync(peer, "203");
        });
        await using var connection = await UploadConnection.ConnectAsync(server.Address);
        var first = PutAsync(connection, new MemoryStream(new byte[5]), 5);

        var thrown = await Should.ThrowAsync<InvalidOperationException>(
            () => PutAsync(connection, new MemoryStream(new byte[5]), 5));
        hasOne.SetResult();

        thrown.Message.ShouldStartWith("a file is being sent");
        (await first).ShouldBeOfType<UploadOutcome.Stored>();
    }

    [Fact]
    public async Task A_closed_connection_takes_no_files()
    {
        await using var server = TestServer.Start(TestServer.NewPaper());
        await using var connection = await UploadConnection.ConnectAsync(server.Address);
        await connection.FinishAsync();

        var thrown = await Should.ThrowAsync<InvalidOperationException>(
            () => PutAsync(connection, new MemoryStream(new byte[5]), 5));

        thrown.Message.ShouldBe("the connection is closed: open another");
    }

    [Fact]
    public async Task A_server_that_is_not_there_cannot_be_reached()
    {
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));

        // Bound but not listening: nobody else can take the port meanwhile, and it refuses.
        var thrown = await Should.ThrowAsync<SocketException>(
            () => UploadConnection.ConnectAsync($"{unused.LocalEndPoint}"));

        thrown.SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    [Theory]
    [InlineData("127.0.0.1:7070", "127.0.0.1:7070")]
    [InlineData("[::1]:7070", "[::1]:7070")]
    [InlineData("files.example:1", "Unspecified/files.example:1")]
    [InlineData("unix:/run/a.sock", "/run/a.sock")]
    public void An_address_is_read_in_all_its_forms(string text, string endpoint) =>
        $"{ServerAddress.Parse(text)}".ShouldBe(endpoint);

    [Theory]
    [InlineData("files", "it has no port")]
    [InlineData("files:", "its port is no number from 1 to 65535")]
    [InlineData("files:0", "its port is no number from 1 to 65535")]
    [InlineData("files:65536", "its port is no number from 1 to 65535")]
    [InlineData("files:-1", "its port is no number from 1 to 65535")]
    [InlineData(":7070", "it has no host")]
    [InlineData("::1:7070", "an IPv6 address goes in brackets")]
    [InlineData("[::g]:7070", "there is no IPv6 address in the brackets")]
    [InlineData("[127.0.0.1]:7070", "there is no IPv6 address in the brackets")]
    [InlineData("unix:", "it has no path")]
    public void What_is_no_address_is_refused_with_a_hint(string text, string why) =>
        Should.Throw<FormatException>(() => ServerAddress.Parse(text)).Message.ShouldBe(
            $"cannot read the address '{text}': {why}: write HOST:PORT, [v6]:PORT or unix:/path");

    private static Task<UploadOutcome> PutAsync(
        UploadConnection connection, Stream body, long size, Dialect dialect = Dialect.DigestAfter) =>
        connection.PutAsync(dialect, "a", body, size);
}
