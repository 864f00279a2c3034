using System.Net.Sockets;
using ActorSock.Client.Native;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Tests.Native;

/// <summary>What one connection makes of what a server says, byte by byte.</summary>
public sealed class NodeConnectionTests
{
    private static readonly NodeOptions s_options = new()
    {
        Retry = RetryOptions.None,
        ReplyLimit = TimeSpan.FromSeconds(30),
    };

    private static readonly NativeReply s_greeting = new()
    {
        Status = 200,
        Version = 1,
        Limits = new NativeLimits
        {
            Requests = 2,
            FileBytes = 1 << 30,
            NameBytes = 1024,
            ChunkBytes = 1 << 20,
            SkipBytes = 1 << 20,
            ListEntries = 1000,
            IdleSeconds = 300,
        },
    };

    [Fact]
    public async Task Answers_find_their_requests_in_any_order()
    {
        await using var server = TestServer.Start(async peer =>
        {
            await GreetAsync(peer);
            var first = await HearAsync(peer);
            var second = await HearAsync(peer);
            await SayAsync(peer, Named(second, "second"));
            await SayAsync(peer, Named(first, "first"));
        });
        await using var connection = await ConnectAsync(server);

        var first = await connection.AskAsync(new NativeRequest.Stat("a"), default, default);
        var second = await connection.AskAsync(new NativeRequest.Stat("b"), default, default);

        (await connection.AnswerAsync(first, null, default)).Reply.Name.ShouldBe("first");
        (await connection.AnswerAsync(second, null, default)).Reply.Name.ShouldBe("second");
    }

    [Fact]
    public async Task A_digest_is_waited_for_while_the_node_answers_others()
    {
        await using var server = TestServer.Start(async peer =>
        {
            await GreetAsync(peer);
            var stat = await HearAsync(peer);
            for (var look = 0; look < 2; look++) await SayAsync(peer, Sized(await HearAsync(peer), 1L << 40));
            await SayAsync(peer, Sized(stat, 1L << 40) with { Md5 = default(Md5Digest) });
        });
        await using var client = new NodeClient(server.Address, s_options with { Clock = new ClockInHaste() });

        (await client.StatAsync("a"))!.Md5.ShouldBe(default(Md5Digest));
    }

    [Fact]
    public async Task A_digest_that_never_comes_is_given_up_and_the_connection_is_not()
    {
        await using var server = TestServer.Start(async peer =>
        {
            await GreetAsync(peer);
            await HearAsync(peer);
            for (var look = 0; look < 2; look++) await SayAsync(peer, Sized(await HearAsync(peer), 1000));
            await SayAsync(peer, Named(await HearAsync(peer), ""));
        });
        await using var client = new NodeClient(server.Address, s_options with { Clock = new ClockInHaste() });

        (await Should.ThrowAsync<IOException>(client.StatAsync("a"))).Message.ShouldContain("has not said the digest");

        await client.PingAsync();
    }

    [Fact]
    public async Task No_more_requests_are_made_than_the_server_allows()
    {
        var third = new TaskCompletionSource();
        await using var server = TestServer.Start(async peer =>
        {
            await GreetAsync(peer);
            var first = await HearAsync(peer);
            await HearAsync(peer);
            third.SetResult();
            await SayAsync(peer, Named(first, "first"));
            await SayAsync(peer, Named(await HearAsync(peer), "third"));
        });
        await using var connection = await ConnectAsync(server);

        await connection.AskAsync(new NativeRequest.Ping(), default, default);
        await connection.AskAsync(new NativeRequest.Ping(), default, default);
        await third.Task;
        var waiting = await connection.AskAsync(new NativeRequest.Ping(), default, default);

        (await connection.AnswerAsync(waiting, null, default)).Reply.Name.ShouldBe("third");
    }

    [Theory]
    [InlineData("503 the server is busy: as many connections are open as are allowed\n", 503)]
    [InlineData("405 the action is unknown: action is \"hello\", known is \"put\"\n", 405)]
    public async Task A_line_of_the_older_dialects_is_a_refusal(string line, int status)
    {
        await using var server = TestServer.Start(async peer =>
        {
            await HearAsync(peer);
            await TestServer.SayAsync(peer, line);
            await TestServer.EndAsync(peer);
        });

        var refused = await Should.ThrowAsync<NodeRefusedException>(() => ConnectAsync(server));

        refused.Status.ShouldBe(status);
        refused.Message.ShouldBe(line.TrimEnd('\n'));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "this is no reply of a node")]
    [InlineData("", "does it ask for a key?")]
    public async Task Whoever_is_no_node_is_told_apart(string says, string why)
    {
        await using var server = TestServer.Start(async peer =>
        {
            await HearAsync(peer);
            await TestServer.SayAsync(peer, says);
            await TestServer.EndAsync(peer);
        });

        var lost = await Should.ThrowAsync<NodeLostException>(() => ConnectAsync(server));

        lost.Message.ShouldContain(why);
        lost.WasUnheard.ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_speaks_no_version_of_ours_is_refused_by_its_word()
    {
        await using var server = TestServer.Start(async peer =>
        {
            await HearAsync(peer);
            var refusal = NativeReply.Refused(null, new Refusal(Rejection.VersionUnknown, ""), closes: true);
            await SayAsync(peer, refusal with { Versions = [7] });
            await TestServer.EndAsync(peer);
        });

        (await Should.ThrowAsync<NodeRefusedException>(() => ConnectAsync(server))).Error.ShouldBe(nameof(Rejection.VersionUnknown));
    }

    public static TheoryData<string, string> WhatEndsAConversation => new()
    {
        { Hex(new NativeReply { Id = 99, Status = 200 }.Encode()), "the node answers 99, which was not asked" },
        { Hex(new NativeReply { Status = 200 }.Encode()), "the node answers, but not what" },
        { Hex(new NativeReply { Id = 0, Status = 200, Body = FrameBody.Chunked }.Encode()), "in chunks, which was not asked for" },
        { "00000000", "not a header length" },
        { "FFFFFFFF", "not a header length" },
        { "020000005B5D", "begins with the byte 5B" },
        { "0A0000007B22", "closed the connection in the middle of a reply" },
        { "", "the node closed the connection" },
        { Hex(new NativeReply { Id = 0, Status = 200, Body = FrameBody.Of(5) }.Encode()), "5 bytes before the end of a body" },
        { Hex(NativeReply.Refused(null, new Refusal(Rejection.IdleTooLong, "more than 300 s"), closes: true).Encode()),
            "408 the connection was idle too long: more than 300 s" },
    };

    [Theory]
    [MemberData(nameof(WhatEndsAConversation))]
    public async Task What_cannot_be_understood_ends_the_conversation_with_a_reason(string hex, string why)
    {
        await using var server = TestServer.Start(async peer =>
        {
            await GreetAsync(peer);
            await HearAsync(peer);
            await peer.SendAsync(Convert.FromHexString(hex));
            await TestServer.EndAsync(peer);
        });
        await using var connection = await ConnectAsync(server);

        var ended = await Should.ThrowAsync<IOException>(async () =>
        {
            var answer = await connection.AskAsync(new NativeRequest.Get("a"), default);
            await using var body = answer.Body!;
            await body.ReadAllAsync(default);
        });

        ended.Message.ShouldContain(why);
        (await Should.ThrowAsync<NodeLostException>(connection.AskAsync(new NativeRequest.Ping(), default)))
            .WasUnheard.ShouldBeTrue();
    }

    [Fact]
    public async Task Whatever_bytes_a_server_says_a_client_comes_to_an_end_with_them()
    {
        const int Seed = 20_261_121;
        Console.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        for (var round = 0; round < 100; round++)
        {
            var noise = Noise(random);
            await using var server = TestServer.Start(async peer =>
            {
                await GreetAsync(peer);
                await HearAsync(peer);
                await peer.SendAsync(noise);
                await TestServer.EndAsync(peer);
            });
            await using var connection = await ConnectAsync(server);

            var asking = ListAsync(connection);
            await ((Task)asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            if (asking.IsFaulted) asking.Exception.InnerException.ShouldBeAssignableTo<IOException>($"round {round}");
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public async Task A_body_that_nobody_wants_is_passed_over_or_ends_the_connection(int bytes)
    {
        await using var server = TestServer.Start(async peer =>
        {
            await GreetAsync(peer);
            await SayAsync(peer, Named(await HearAsync(peer), "a") with { Body = FrameBody.Of(bytes) });
            try
            {
                await peer.SendAsync(new byte[bytes]);
                await SayAsync(peer, Named(await HearAsync(peer), "b"));
            }
            catch (Exception closed) when (closed is SocketException or EndOfStreamException)
            {
                bytes.ShouldBeGreaterThan(1 << 20);
            }
        });
        await using var connection = await ConnectAsync(server);

        await (await connection.AskAsync(new NativeRequest.Get("a"), default)).Body!.DisposeAsync();

        connection.IsOpen.ShouldBe(bytes <= 1 << 20);
        if (connection.IsOpen) (await connection.AskAsync(new NativeRequest.Stat("b"), default)).Reply.Name.ShouldBe("b");
    }

    [Fact]
    public async Task Who_waits_no_longer_for_a_body_does_not_hold_up_the_next_answer()
    {
        var given = new TaskCompletionSource();
        await using var server = TestServer.Start(async peer =>
        {
            await GreetAsync(peer);
            var first = await HearAsync(peer);
            await given.Task;
            await SayAsync(peer, Named(first, "a") with { Body = FrameBody.Of(5) });
            await TestServer.SayAsync(peer, "hello");
            await SayAsync(peer, Named(await HearAsync(peer), "b"));
        });
        await using var connection = await ConnectAsync(server);
        using var cancel = new CancellationTokenSource();

        var asking = connection.AskAsync(new NativeRequest.Get("a"), cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asking);
        given.SetResult();

        (await connection.AskAsync(new NativeRequest.Stat("b"), default)).Reply.Name.ShouldBe("b");
    }

    [Fact]
    public async Task A_challenge_is_answered_before_anything_is_said()
    {
        var challenge = Challenge.Create();
        await using var server = TestServer.Start(async peer =>
        {
            await peer.SendAsync(challenge);
            Challenge.IsAnswer(await TestServer.ReceiveAsync(peer, Challenge.Bytes), challenge, "key"u8).ShouldBeTrue();
            await GreetAsync(peer);
            await SayAsync(peer, new NativeReply { Id = (await HearAsync(peer)).Id, Status = 200 });
        });
        await using var client = new NodeClient(server.Address, s_options with { Key = new ClientKey("key"u8) });

        await client.PingAsync();
    }

    [Fact]
    public async Task A_socket_file_is_an_address_like_any_other()
    {
        using var folder = new TempFolder();
        await using var server = TestServer.Start(async peer =>
        {
            await GreetAsync(peer);
            await SayAsync(peer, new NativeReply { Id = (await HearAsync(peer)).Id, Status = 200 });
        }, new UnixDomainSocketEndPoint(folder.At("node.sock")));
        await using var client = new NodeClient(server.Address, s_options);

        await client.PingAsync();
    }

    private static Task<NodeConnection> ConnectAsync(TestServer server) =>
        NodeConnection.ConnectAsync(server.Address, s_options, default);

    private static async Task<int> ListAsync(NodeConnection connection)
    {
        var answer = await connection.AskAsync(new NativeRequest.List(), default);
        if (answer.Body is not { } body) return 0;
        await using (body) return (await body.ReadAllAsync(default)).Length;
    }

    // Frames that are cut, changed, and mixed with what is none.
    private static byte[] Noise(Random random)
    {
        var bytes = new List<byte>();
        for (var part = random.Next(1, 4); part > 0; part--)
        {
            var frame = new NativeReply
            {
                Id = random.Next(2),
                Status = random.Next(100, 600),
                Body = random.Next(3) == 0 ? FrameBody.Of(random.Next(50)) : FrameBody.None,
            }.Encode();
            if (random.Next(3) == 0) frame[random.Next(frame.Length)] = (byte)random.Next(256);
            bytes.AddRange(random.Next(4) == 0 ? frame[..random.Next(frame.Length)] : frame);
            bytes.AddRange(new byte[random.Next(50)]);
        }
        return [.. bytes];
    }

    private static NativeReply Named(NativeRequest request, string name) => new() { Id = request.Id, Status = 200, Name = name };

    private static NativeReply Sized(NativeRequest request, long size) =>
        Named(request, "a") with { Size = size, Modified = DateTimeOffset.UnixEpoch };

    private static async Task GreetAsync(Socket peer)
    {
        (await HearAsync(peer)).ShouldBeOfType<NativeRequest.Hello>().Versions.ShouldBe([1]);
        await SayAsync(peer, s_greeting);
    }

    private static async Task<NativeRequest> HearAsync(Socket peer)
    {
        var prefix = await TestServer.ReceiveAsync(peer, 4);
        var json = await TestServer.ReceiveAsync(peer, BitConverter.ToInt32(prefix));
        var limits = new WireLimits { HeaderBytesMax = 65_536, FileBytesMax = 1L << 44 };
        return new NativeDecoder(limits).Decode([.. prefix, .. json]).Frame;
    }

    private static async Task SayAsync(Socket peer, NativeReply reply) => await peer.SendAsync(reply.Encode());

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);
}
