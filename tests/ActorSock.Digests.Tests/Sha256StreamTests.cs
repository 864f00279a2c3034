using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ActorSock.Digests.Kernels;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Digests.Tests;

public sealed class Sha256StreamTests
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void The_examples_of_FIPS_180_hold(string text, string digest)
    {
        var stream = new Sha256Stream();

        stream.Append(Encoding.ASCII.GetBytes(text));

        Convert.ToHexStringLower(DigestOf(stream)).ShouldBe(digest);
    }

    [Fact]
    public void Every_short_length_has_the_digest_that_the_framework_computes()
    {
        var bytes = Streams.Random(1, 300);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var stream = new Sha256Stream();

            stream.Append(bytes.AsSpan(0, length));

            DigestOf(stream).ShouldBe(SHA256.HashData(bytes.AsSpan(0, length)), $"of {length} bytes");
        }
    }

    [Fact]
    public void Neither_cuts_nor_exports_between_them_matter() =>
        Properties.Hold(
            from length in Streams.Lengths
            from cuts in Gen.Zip(Streams.Lengths, Gen.Choose(0, 1)).ListOf()
            select (length, cuts),
            given =>
            {
                var bytes = Streams.Random(given.length, given.length);
                var stream = new Sha256Stream();
                var rest = bytes.AsSpan();

                foreach (var (cut, export) in given.cuts)
                {
                    var part = rest[..Math.Min(cut, rest.Length)];
                    stream.Append(part);
                    rest = rest[part.Length..];
                    DigestOf(stream).ShouldBe(SHA256.HashData(bytes.AsSpan(0, bytes.Length - rest.Length)));
                    if (export == 1)
                        stream = Sha256Stream.Import(Export(stream));
                }

                stream.Append(rest);
                stream.BytesCount.ShouldBe(bytes.Length);
                DigestOf(stream).ShouldBe(SHA256.HashData(bytes));
            });

    [Fact]
    public void Whoever_computes_the_rounds_the_result_is_the_same() =>
        Properties.Hold(
            from blocks in Gen.Choose(0, 40)
            from seed in Gen.Choose(0, 1000)
            select (blocks, seed),
            given =>
            {
                var bytes = Streams.Random(given.seed, 64 * given.blocks);
                var ours = MemoryMarshal.Cast<byte, uint>(Streams.Random(given.seed + 1, 32)).ToArray();
                var theirs = ours.ToArray();

                Sha256Kernel.Digest(ours, bytes);
                if (LibcryptoSha256.IsSupported)
                    LibcryptoSha256.Digest(theirs, bytes);
                else
                    Sha256Kernel.Digest(theirs, bytes);

                theirs.ShouldBe(ours);
            });

    [Theory, InlineData(0), InlineData(1), InlineData(7), InlineData(8), InlineData(9), InlineData(17)]
    public void The_rounds_of_our_own_are_those_of_the_framework(int blocks)
    {
        var bytes = Streams.Random(5, 64 * blocks);
        var chain = Sha256Kernel.Initial.ToArray();
        var padding = new byte[64];
        padding[0] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(padding.AsSpan(56), 512L * blocks);

        Sha256Kernel.Digest(chain, [.. bytes, .. padding]);

        var digest = new byte[32];
        for (var i = 0; i < 8; i++)
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(4 * i), chain[i]);
        digest.ShouldBe(SHA256.HashData(bytes));
    }

    [Fact]
    public void The_layout_of_the_state_is_the_documented_one()
    {
        var stream = new Sha256Stream();
        stream.Append("abc"u8);

        Convert.ToHexStringLower(Export(stream)).ShouldBe(
            "53484101" + "6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19" + "0300000000000000" + "616263"
            + new string('0', 120));
    }

    [Fact]
    public void What_is_no_state_is_refused()
    {
        var state = Export(new Sha256Stream());

        Refusal(state[..^1]).ShouldContain($"{Sha256Stream.StateBytes} bytes, not {Sha256Stream.StateBytes - 1}");
        Refusal([.. state, 0]).ShouldContain($"not {Sha256Stream.StateBytes + 1}");
        Refusal(Altered(0, (byte)'M')).ShouldContain("4D4841");
        Refusal(Altered(3, 2)).ShouldContain("version 2");
        Refusal(Altered(4, 0)).ShouldContain("initial");
        Refusal(Altered(36, 2)).ShouldContain("more than 2 unfinished");
        Refusal(Altered(43, 0x80)).ShouldContain("counts -");
    }

    [Fact]
    public void Whatever_byte_of_a_state_is_altered_it_is_refused_or_exported_again_as_it_is() =>
        Properties.Hold(
            from length in Streams.Lengths
            from at in Gen.Choose(0, Sha256Stream.StateBytes - 1)
            from value in Gen.Choose(0, 255)
            select (length, at, value),
            given =>
            {
                var stream = new Sha256Stream();
                stream.Append(Streams.Random(1, given.length));
                var state = Export(stream);
                state[given.at] = (byte)given.value;

                try
                {
                    Export(Sha256Stream.Import(state)).ShouldBe(state);
                }
                catch (FormatException refusal)
                {
                    refusal.Message.ShouldContain("the state of a SHA-256");
                }
            });

    [Fact]
    public void A_stream_does_not_grow_beyond_what_a_count_can_say()
    {
        var state = Export(new Sha256Stream());
        Streams.Random(3, 32).CopyTo(state, 4);
        BinaryPrimitives.WriteInt64LittleEndian(state.AsSpan(36), long.MaxValue - 63);
        var stream = Sha256Stream.Import(state);

        Should.Throw<OverflowException>(() => stream.Append(new byte[64]));

        Export(stream).ShouldBe(state);
    }

    [Fact]
    public void Digests_and_states_are_written_to_the_front_of_enough_room_only()
    {
        var stream = new Sha256Stream();
        var (digest, state) = (Sevens(Sha256Stream.DigestBytes + 1), Sevens(Sha256Stream.StateBytes + 1));

        stream.GetDigest(digest);
        stream.Export(state);

        digest.ShouldBe([.. SHA256.HashData([]), 7]);
        state[^2..].ShouldBe([0, 7]);
        Should.Throw<ArgumentException>(() => stream.GetDigest(new byte[31])).Message.ShouldContain("31");
        Should.Throw<ArgumentException>(() => stream.Export(new byte[Sha256Stream.StateBytes - 1]));
    }

    private static byte[] Sevens(int count) => [.. Enumerable.Repeat((byte)7, count)];

    private static byte[] DigestOf(Sha256Stream stream)
    {
        var digest = new byte[Sha256Stream.DigestBytes];
        stream.GetDigest(digest);
        return digest;
    }

    private static byte[] Export(Sha256Stream stream)
    {
        var state = new byte[Sha256Stream.StateBytes];
        stream.Export(state);
        return state;
    }

    private static byte[] Altered(int at, byte value)
    {
        var stream = new Sha256Stream();
        stream.Append("abc"u8);
        var state = Export(stream);
        state[at] = value;
        return state;
    }

    private static string Refusal(byte[] state) =>
        Should.Throw<FormatException>(() => Sha256Stream.Import(state)).Message;
}
