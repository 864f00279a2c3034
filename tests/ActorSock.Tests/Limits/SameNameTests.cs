using ActorSock.Events;
using ActorSock.Testing;

namespace ActorSock.Tests.Limits;

/// <summary>Two contents for one name.</summary>
public sealed class SameNameTests
{
    [Fact]
    public async Task Two_uploads_of_one_name_at_once_leave_one_of_them_whole()
    {
        await using var node = await TestNode.Start();
        for (var round = 0; round < 20; round++)
        {
            var bodies = new[] { Bodies.Of(300_000 + round, round), Bodies.Of(200_000, 1000 + round) };
            var clients = await Task.WhenAll(node.Connect(), node.Connect());
            await Task.WhenAll(clients.Select((c, i) => c.Send(WireClient.Header("same.bin", bodies[i].Length), bodies[i][..1000])));
            await Task.WhenAll(clients.Select(async (c, i) =>
            {
                await c.Send(bodies[i][1000..], WireClient.Digits(bodies[i]));
                (await c.Read(5)).ShouldBe("OK203");
                c.Dispose();
            }));

            var stored = node.Stored()["same.bin"];
            bodies.Any(body => stored.AsSpan().SequenceEqual(body)).ShouldBeTrue($"round {round}: a mixture");
        }
        node.Stored().Keys.ShouldBe(["same.bin"]);
        await node.NothingIsLeft();
    }

    [Fact]
    public async Task A_name_that_is_sent_again_is_replaced()
    {
        await using var node = await TestNode.Start();
        using var client = await node.Connect();

        (await client.Put("same.bin", Bodies.Of(300_000, 1))).ShouldBe("203");
        (await client.Put("same.bin", Bodies.Of(100, 2))).ShouldBe("203");

        node.Stored()["same.bin"].ShouldBe(Bodies.Of(100, 2));
    }

    [Fact]
    public async Task A_second_try_that_fails_leaves_the_first_content()
    {
        await using var node = await TestNode.Start();
        using var client = await node.Connect();
        (await client.Put("same.bin", Bodies.Of(5000, 1))).ShouldBe("203");

        await client.Send(WireClient.Header("same.bin", 5000), Bodies.Of(5000, 2), WireClient.Digits(Bodies.Of(5000, 3)));

        (await client.Read(5)).ShouldBe("OK204");
        node.Stored()["same.bin"].ShouldBe(Bodies.Of(5000, 1));
    }
}
