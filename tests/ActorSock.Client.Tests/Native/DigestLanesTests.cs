using System.Security.Cryptography;
using ActorSock.Client.Native;
using ActorSock.Digests;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Tests.Native;

public sealed class DigestLanesTests
{
    private const int Seed = 20261;

    [Fact]
    public async Task Bodies_of_many_sizes_have_the_digests_that_each_has_alone()
    {
        var bodies = Enumerable.Range(0, 40).Select(i => Bytes(i * i * 997 % 700_001, i)).ToList();

        var digests = await Task.WhenAll(bodies.Select((body, i) => Task.Run(() => DigestAsync(body, 1000 + 7919 * i))));

        digests.ShouldBe(bodies.Select(body => Convert.ToHexStringLower(MD5.HashData(body))));
    }

    [Fact]
    public async Task Who_has_no_more_blocks_holds_nobody_up()
    {
        using var lanes = new DigestLanes();
        Md5Stream gone = new(), stays = new();
        var block = Bytes(100_000, 1);
        await Task.WhenAll(lanes.AppendAsync(gone, block), lanes.AppendAsync(stays, block));
        lanes.Leave(gone);

        await lanes.AppendAsync(stays, block);

        Hex(stays).ShouldBe(Convert.ToHexStringLower(MD5.HashData([.. block, .. block])));
    }

    [Fact]
    public async Task Who_stands_still_holds_the_others_up_for_a_moment_only()
    {
        using var lanes = new DigestLanes();
        Md5Stream stuck = new(), flows = new();
        var block = Bytes(50_000, 2);
        await Task.WhenAll(lanes.AppendAsync(stuck, block), lanes.AppendAsync(flows, block));

        for (var i = 0; i < 3; i++) await lanes.AppendAsync(flows, block);
        await lanes.AppendAsync(stuck, block);

        flows.BytesCount.ShouldBe(4 * block.Length);
        Hex(stuck).ShouldBe(Convert.ToHexStringLower(MD5.HashData([.. block, .. block])));
    }

    [Fact]
    public async Task Who_comes_during_a_long_round_is_digested_although_nobody_else_comes_behind_it()
    {
        using var lanes = new DigestLanes();
        Md5Stream first = new(), second = new();
        var (large, small) = (new byte[32 << 20], Bytes(50_000, 4));

        var round = lanes.AppendAsync(first, large);
        await lanes.AppendAsync(second, small).WaitAsync(TimeSpan.FromSeconds(60));

        await round;
        Hex(second).ShouldBe(Convert.ToHexStringLower(MD5.HashData(small)));
    }

    [Fact]
    public async Task A_round_that_fails_is_told_to_who_is_in_it_and_the_next_does_not_notice()
    {
        using var lanes = new DigestLanes();
        var good = new Md5Stream();
        var block = Bytes(100_000, 3);

        await Should.ThrowAsync<ArgumentException>(lanes.AppendAsync(null!, block));

        await lanes.AppendAsync(good, block);
        Hex(good).ShouldBe(Convert.ToHexStringLower(MD5.HashData(block)));
    }

    private static async Task<string> DigestAsync(byte[] body, int blockBytes)
    {
        using var digest = new BodyDigest(DigestKind.Md5);
        for (var at = 0; at < body.Length; at += blockBytes)
            await digest.AppendAsync(body.AsMemory(at, Math.Min(blockBytes, body.Length - at)));
        return digest.Current.ToString();
    }

    private static string Hex(Md5Stream stream)
    {
        var bytes = new byte[Md5Stream.DigestBytes];
        stream.GetDigest(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static byte[] Bytes(int count, int which)
    {
        var bytes = new byte[count];
        new Random(Seed + which).NextBytes(bytes);
        return bytes;
    }
}
