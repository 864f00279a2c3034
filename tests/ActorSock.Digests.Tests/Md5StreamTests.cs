using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Digests.Tests;

public sealed class Md5StreamTests
{
    [Theory]
    [InlineData("", "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("a", "0cc175b9c0f1b6a831c399e269772661")]
    [InlineData("abc", "900150983cd24fb0d6963f7d28e17f72")]
    [InlineData("message digest", "f96b697d7cb7938d525a2f31aaf161d0")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b")]
    [InlineData(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f")]
    [InlineData(
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
        "57edf4a22be3c955ac49da2e2107b67a")]
    public void The_test_suite_of_RFC_1321_holds(string text, string digest)
    {
        var stream = new Md5Stream();

        stream.Append(Encoding.ASCII.GetBytes(text));

        Streams.HexOf(stream).ShouldBe(digest);
    }

    [Fact]
    public void Every_short_length_has_the_digest_that_the_framework_computes()
    {
        var bytes = Streams.Random(1, 300);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var stream = new Md5Stream();

            stream.Append(bytes.AsSpan(0, length));

            Streams.DigestOf(stream).ShouldBe(MD5.HashData(bytes.AsSpan(0, length)), $"of {length} bytes");
        }
    }

    [Fact]
    public void How_the_bytes_are_cut_never_matters() =>
        Properties.Hold(
            from length in Streams.Lengths
            from cuts in Streams.Lengths.ListOf()
            select (length, cuts),
            given =>
            {
                var bytes = Streams.Random(given.length, given.length);
                var stream = new Md5Stream();
                var rest = bytes.AsSpan();

                foreach (var cut in given.cuts)
                {
                    var part = rest[..Math.Min(cut, rest.Length)];
                    stream.Append(part);
                    rest = rest[part.Length..];
                    Streams.DigestOf(stream).ShouldBe(MD5.HashData(bytes.AsSpan(0, bytes.Length - rest.Length)));
                }

                stream.Append(rest);
                stream.BytesCount.ShouldBe(bytes.Length);
                Streams.DigestOf(stream).ShouldBe(MD5.HashData(bytes));
            });

    [Fact]
    public void A_clone_goes_its_own_way()
    {
        var stream = new Md5Stream();
        stream.Append("the same "u8);

        var clone = stream.Clone();
        stream.Append("for one"u8);
        clone.Append("for the other"u8);

        Streams.DigestOf(stream).ShouldBe(MD5.HashData("the same for one"u8));
        Streams.DigestOf(clone).ShouldBe(MD5.HashData("the same for the other"u8));
    }

    [Fact]
    public void A_digest_is_written_to_the_front_of_enough_room_only()
    {
        var stream = new Md5Stream();
        var digest = Enumerable.Repeat((byte)7, 20).ToArray();

        stream.GetDigest(digest);

        digest.ShouldBe([.. MD5.HashData([]), 7, 7, 7, 7]);
        Should.Throw<ArgumentException>(() => stream.GetDigest(new byte[15])).Message.ShouldContain("15");
    }
}
