using System.Security.Cryptography;
using ActorSock.Load.Bodies;
using ActorSock.Load.Scenarios;

namespace ActorSock.Load.Tests;

public sealed class FileBodiesTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("31")]
    [InlineData("32")]
    [InlineData("33")]
    [InlineData("4KiB")]
    [InlineData("17MiB")] // longer than the ink is until it begins anew
    [InlineData("1..100000")]
    [InlineData("10:1,20000:1,300000:1")]
    public void A_digest_is_that_of_the_bytes_that_are_sent(string size)
    {
        using var bodies = Bodies(size);

        foreach (var file in Enumerable.Range(0, 10).Select(number => bodies.FileOf(number)))
            bodies.DigestOf(file).ToString().ShouldBe(Convert.ToHexStringLower(MD5.HashData(Whole(bodies, file))));
    }

    [Fact]
    public void No_two_files_have_the_same_digest()
    {
        using var bodies = Bodies("4KiB");

        var digests = Enumerable.Range(0, 1000).Select(number => bodies.DigestOf(bodies.FileOf(number)));

        digests.Distinct().Count().ShouldBe(1000);
    }

    [Fact]
    public void However_a_body_is_cut_the_bytes_are_the_same()
    {
        using var bodies = Bodies("100000");
        var file = bodies.FileOf(3);
        var whole = Whole(bodies, file);
        var random = new Random(11);

        for (var times = 0; times < 200; times++)
        {
            var at = random.Next(whole.Length);
            var piece = new byte[random.Next(1, 5000)];
            var count = bodies.Copy(file, at, piece);

            count.ShouldBe(Math.Min(piece.Length, whole.Length - at));
            piece.AsSpan(0, count).SequenceEqual(whole.AsSpan(at, count)).ShouldBeTrue();
            bodies.IsThere(file, at, piece.AsSpan(0, count)).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50_000)]
    [InlineData(99_967)]
    [InlineData(99_968)]
    [InlineData(99_999)]
    public void One_wrong_byte_is_noticed(int at)
    {
        using var bodies = Bodies("100000");
        var file = bodies.FileOf(3);
        var whole = Whole(bodies, file);

        whole[at] ^= 1;

        bodies.IsThere(file, 0, whole).ShouldBeFalse();
    }

    [Fact]
    public void Files_with_neighbouring_numbers_differ_in_every_block()
    {
        using var bodies = Bodies("64KiB");
        var (one, other) = (Whole(bodies, bodies.FileOf(0)), Whole(bodies, bodies.FileOf(1)));

        for (var block = 0; block < one.Length; block += 4096)
            one.AsSpan(block, 4096).SequenceEqual(other.AsSpan(block, 4096)).ShouldBeFalse();
    }

    [Fact]
    public void Bytes_behind_the_end_are_not_there()
    {
        using var bodies = Bodies("100");
        var file = bodies.FileOf(3);

        bodies.IsThere(file, 0, [.. Whole(bodies, file), 0]).ShouldBeFalse();
    }

    private static FileBodies Bodies(string size) => new(ScenarioFile.Read(null, null, [new("size", size)]), "p/");

    private static byte[] Whole(FileBodies bodies, TestFile file)
    {
        var whole = new byte[file.Size];
        for (var at = 0; at < whole.Length;) at += bodies.Copy(file, at, whole.AsSpan(at));
        return whole;
    }
}
