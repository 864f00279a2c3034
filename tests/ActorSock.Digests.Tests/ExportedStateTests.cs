using System.Buffers.Binary;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Digests.Tests;

public sealed class ExportedStateTests
{
    [Fact]
    public void A_stream_goes_on_from_its_exported_state_at_any_byte()
    {
        var bytes = Streams.Random(1, 200);
        for (var at = 0; at <= bytes.Length; at++)
        {
            var before = new Md5Stream();
            before.Append(bytes.AsSpan(0, at));

            var after = Md5Stream.Import(Export(before));
            after.Append(bytes.AsSpan(at));

            after.BytesCount.ShouldBe(bytes.Length);
            Streams.DigestOf(after).ShouldBe(MD5.HashData(bytes), $"exported after {at} bytes");
            Streams.DigestOf(before).ShouldBe(MD5.HashData(bytes.AsSpan(0, at)));
        }
    }

    [Fact]
    public void Streams_may_be_exported_and_imported_between_any_two_appends() =>
        Properties.Hold(
            Streams.Lengths.ListOf(),
            lengths =>
            {
                var bytes = Streams.Random(2, lengths.Sum());
                var stream = new Md5Stream();
                var at = 0;

                foreach (var length in lengths)
                {
                    stream.Append(bytes.AsSpan(at, length));
                    at += length;
                    stream = Md5Stream.Import(Export(stream));
                }

                Streams.DigestOf(stream).ShouldBe(MD5.HashData(bytes));
            },
            cases: 200);

    [Fact]
    public void The_layout_is_the_documented_one()
    {
        var stream = new Md5Stream();
        stream.Append("abc"u8);

        Convert.ToHexStringLower(Export(stream)).ShouldBe(
            "4d443501" + "0123456789abcdeffedcba9876543210" + "0300000000000000" + "616263"
            + new string('0', 120));
    }

    [Fact]
    public void A_state_is_written_to_the_front_of_enough_room_only()
    {
        var state = Enumerable.Repeat((byte)7, Md5Stream.StateBytes + 1).ToArray();

        new Md5Stream().Export(state);

        state[^1].ShouldBe((byte)7);
        state[^2].ShouldBe((byte)0);
        Should.Throw<ArgumentException>(() => new Md5Stream().Export(new byte[Md5Stream.StateBytes - 1]));
    }

    [Fact]
    public void States_of_another_length_are_refused()
    {
        var state = Export(new Md5Stream());

        Refusal(state[..^1]).ShouldContain($"{Md5Stream.StateBytes} bytes, not {Md5Stream.StateBytes - 1}");
        Refusal([.. state, 0]).ShouldContain($"not {Md5Stream.StateBytes + 1}");
        Refusal([]).ShouldContain("not 0");
    }

    [Fact]
    public void States_of_another_kind_or_version_are_refused()
    {
        Refusal(Altered(0, (byte)'S')).ShouldContain("534435");
        Refusal(Altered(3, 2)).ShouldContain("version 2");
    }

    [Fact]
    public void Impossible_counts_are_refused()
    {
        Refusal(Altered(27, 0x80)).ShouldContain("counts -");
        Refusal(Altered(20, 2)).ShouldContain("more than 2 unfinished");
        Refusal(Altered(28 + 3, 1)).ShouldContain("more than 3 unfinished");
        Refusal(Altered(4, 0)).ShouldContain("initial");
    }

    [Fact]
    public void Whatever_byte_of_a_state_is_altered_it_is_refused_or_exported_again_as_it_is() =>
        Properties.Hold(
            from length in Streams.Lengths
            from at in Gen.Choose(0, Md5Stream.StateBytes - 1)
            from value in Gen.Choose(0, 255)
            select (length, at, value),
            given =>
            {
                var stream = new Md5Stream();
                stream.Append(Streams.Random(1, given.length));
                var state = Export(stream);
                state[given.at] = (byte)given.value;

                try
                {
                    Export(Md5Stream.Import(state)).ShouldBe(state);
                }
                catch (FormatException refusal)
                {
                    refusal.Message.ShouldContain("the state of an MD5");
                }
            });

    [Theory]
    [InlineData(1L << 29)]
    [InlineData(1L << 32)]
    [InlineData((1L << 32) + 37)]
    [InlineData((1L << 60) + 63)]
    [InlineData(1L << 61)]
    [InlineData((1L << 62) + 55)]
    [InlineData(long.MaxValue - 100)]
    public void The_field_of_the_length_is_right_for_streams_that_nobody_can_wait_for(long count)
    {
        var state = Export(new Md5Stream());
        Streams.Random(3, 16).CopyTo(state, 4);
        BinaryPrimitives.WriteInt64LittleEndian(state.AsSpan(20), count);
        var unfinished = Streams.Random(4, (int)(count % 64));
        unfinished.CopyTo(state, 28);
        var more = Streams.Random(5, 90);
        var stream = Md5Stream.Import(state);

        stream.Append(more);

        stream.BytesCount.ShouldBe(count + more.Length);
        Streams.DigestOf(stream).ShouldBe(
            PaperMd5.Finish(state.AsSpan(4, 16), count - unfinished.Length, [.. unfinished, .. more]));
    }

    [Fact]
    public void A_stream_does_not_grow_beyond_what_a_count_can_say()
    {
        var state = Export(new Md5Stream());
        Streams.Random(3, 16).CopyTo(state, 4);
        BinaryPrimitives.WriteInt64LittleEndian(state.AsSpan(20), long.MaxValue - 10);
        var stream = Md5Stream.Import(state);

        Should.Throw<OverflowException>(() => stream.Append(new byte[11]));
        var other = new Md5Stream();
        Should.Throw<OverflowException>(
            () => new Md5Lanes().Append([new(other, new byte[1]), new(stream, new byte[11])]));

        Export(stream).ShouldBe(state);
        other.BytesCount.ShouldBe(0);
    }

    private static byte[] Export(Md5Stream stream)
    {
        var state = new byte[Md5Stream.StateBytes];
        stream.Export(state);
        return state;
    }

    private static byte[] Altered(int at, byte value)
    {
        var stream = new Md5Stream();
        stream.Append("abc"u8);
        var state = Export(stream);
        state[at] = value;
        return state;
    }

    private static string Refusal(byte[] state) =>
        Should.Throw<FormatException>(() => Md5Stream.Import(state)).Message;
}
