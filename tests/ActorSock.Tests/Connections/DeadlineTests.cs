using ActorSock.Events;
using ActorSock.Testing;

namespace ActorSock.Tests.Connections;

/// <summary>Peers that take their time: each is told, closed, and leaves nothing; the others do not notice.</summary>
public sealed class DeadlineTests
{
    private const string Soon = "200ms";

    [Fact]
    public async Task A_header_that_stalls_is_refused_and_the_connection_closed()
    {
        await using var node = await TestNode.Start($"actorsock.connections.header-deadline={Soon}");
        using var client = await node.Connect();

        await client.Send(WireClient.Header("a.bin", 5)[..20]);

        (await client.ReadToEnd()).ShouldStartWith("408 the header took too long");
        (await node.Events.Until<ServerEvent.Refused>()).Rejection.ShouldBe("HeaderLate");
        client.EndSending();
        (await node.UntilClosed("c-000001")).UploadsRefused.ShouldBe(1);
    }

    [Fact]
    public async Task A_header_that_comes_byte_by_byte_does_not_move_its_deadline()
    {
        await using var node = await TestNode.Start($"actorsock.connections.header-deadline={Soon}");
        using var client = await node.Connect();
        var line = client.ReadToEnd();

        // The length promises 60,000 bytes, so that only the deadline can end it.
        await client.Send(BitConverter.GetBytes(60_000));
        await client.Send("{");
        while (!line.IsCompleted)
        {
            await client.Send(" ");
            await Task.WhenAny(line, Task.Delay(5));
        }

        (await line).ShouldStartWith("408 the header took too long");
        (await node.Events.Until<ServerEvent.Refused>()).Rejection.ShouldBe("HeaderLate");
    }

    [Fact]
    public async Task A_digest_that_does_not_come_is_refused_and_nothing_stored()
    {
        await using var node = await TestNode.Start($"actorsock.connections.digest-deadline={Soon}");
        using var client = await node.Connect();
        var body = Bodies.Of(10_000);

        await client.Send(WireClient.Header("a.bin", body.Length), body, WireClient.Digits(body)[..31]);

        (await client.Read(2)).ShouldBe("OK");
        (await client.ReadToEnd()).ShouldStartWith("408 the digest took too long");
        var refused = await node.Events.Until<ServerEvent.Refused>();
        (refused.Rejection, refused.File, refused.BytesReceived).ShouldBe(("DigestLate", "a.bin", 10_000L));
        await node.NothingIsLeft();
        node.Stored().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_that_stalls_is_refused_and_nothing_stored()
    {
        await using var node = await TestNode.Start($"actorsock.connections.body-grace={Soon}");
        using var client = await node.Connect();

        await client.Send(WireClient.Header("a.bin", 10_000), Bodies.Of(4_000));

        (await client.ReadToEnd()).ShouldStartWith("408 the body came too slowly");
        var refused = await node.Events.Until<ServerEvent.Refused>();
        (refused.Rejection, refused.BytesReceived).ShouldBe(("BodyLate", 4_000L));
        await node.NothingIsLeft();
        node.Stored().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_that_stalls_is_refused_also_when_another_came_long_before_it()
    {
        await using var node = await TestNode.Start($"actorsock.connections.body-grace={Soon}");
        using var client = await node.Connect();
        (await client.Put("before.bin", Bodies.Of(4_000))).ShouldBe("203");
        using var other = await node.Connect();
        await other.Send(WireClient.Header("b.bin", 10_000), Bodies.Of(4_000));
        (await other.ReadToEnd()).ShouldStartWith("408"); // so much time has passed since the first body

        await client.Send(WireClient.Header("a.bin", 10_000), Bodies.Of(4_000));

        (await client.ReadToEnd()).ShouldStartWith("408 the body came too slowly");
    }

    [Fact]
    public async Task A_body_below_the_least_rate_is_refused_although_it_never_stops()
    {
        await using var node = await TestNode.Start(
            $"actorsock.connections.body-grace={Soon}", "actorsock.connections.body-rate-min=1MiB");
        using var client = await node.Connect();
        var line = client.ReadToEnd();

        await client.Send(WireClient.Header("a.bin", 100_000_000));
        while (!line.IsCompleted)
        {
            await client.Send(new byte[100]);
            await Task.WhenAny(line, Task.Delay(5));
        }

        (await line).ShouldStartWith("408 the body came too slowly");
        await node.Events.Until<ServerEvent.Refused>(e => e.Rejection == "BodyLate" && e.BytesReceived > 0);
    }

    [Fact]
    public async Task The_rest_of_a_refused_body_has_to_keep_pace_too()
    {
        await using var node = await TestNode.Start($"actorsock.connections.body-grace={Soon}");
        using var client = await node.Connect();

        await client.Send(WireClient.Header("../out.bin", 10_000), Bodies.Of(100));

        (await client.ReadToEnd()).ShouldStartWith("408 the body came too slowly");
        client.EndSending();
        (await node.UntilClosed("c-000001")).Reason.ShouldStartWith("408 the body came too slowly");
        node.Events.Of<ServerEvent.Refused>().Select(e => e.Rejection).ShouldBe(["NameRefused"]); // one request, refused once
    }

    [Fact]
    public async Task Silence_ends_with_a_line_and_is_no_refused_upload()
    {
        await using var node = await TestNode.Start($"actorsock.connections.idle-limit={Soon}");
        using var silent = await node.Connect();
        using var spoke = await node.Connect();
        (await spoke.Put("a.bin", Bodies.Of(100))).ShouldBe("203");

        (await silent.ReadToEnd()).ShouldStartWith("408 the connection was idle too long");
        (await spoke.ReadToEnd()).ShouldStartWith("408 the connection was idle too long");

        silent.EndSending();
        var closed = await node.UntilClosed("c-000001");
        (closed.UploadsRefused, closed.Reason).ShouldBe((0, "408 the connection was idle too long: more than 0.2 s"));
        node.Events.Of<ServerEvent.Refused>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_peer_that_does_not_close_after_its_refusal_is_closed_when_the_linger_ends()
    {
        await using var node = await TestNode.Start(
            $"actorsock.connections.header-deadline={Soon}", $"actorsock.connections.linger={Soon}");
        using var client = await node.Connect();

        await client.Send("{");

        await node.UntilClosed("c-000001");
    }

    [Fact]
    public async Task An_upload_beside_a_crowd_of_late_ones_arrives()
    {
        await using var node = await TestNode.Start(
            $"actorsock.connections.header-deadline={Soon}", $"actorsock.connections.body-grace={Soon}",
            $"actorsock.connections.digest-deadline={Soon}");
        var late = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => node.Connect()));
        var body = Bodies.Of(3_000_000);
        using var live = await node.Connect();
        await live.Send(WireClient.Header("live.bin", body.Length));
        for (var i = 0; i < late.Length; i++)
            await late[i].Send((i % 3) switch
            {
                0 => "{\"file",
                1 => """{"filename":"late.bin","filesize":100}x""",
                _ => """{"file_name":"late.bin","filesize":100}x""",
            });

        // It goes on in pieces until each of the others has been refused, so the deadlines fall into its body.
        var sent = 0;
        var refused = node.Events.UntilCount<ServerEvent.Refused>(late.Length);
        while (!refused.IsCompleted && sent < body.Length - 10_000)
        {
            await live.Send(body[sent..(sent += 10_000)]);
            await Task.WhenAny(refused, Task.Delay(2));
        }
        await refused;
        await live.Send(body[sent..], WireClient.Digits(body));

        (await live.Read(5)).ShouldBe("OK203");
        node.Stored().Keys.ShouldBe(["live.bin"]);
        node.Stored()["live.bin"].ShouldBe(body);
        foreach (var client in late)
            client.Dispose();
    }
}
