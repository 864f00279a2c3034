using System.Buffers;
using System.Text;
using ActorSock.Wire.Text;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Wire.Tests.Text;

public sealed class TitleProperties
{
    private static readonly Gen<byte[]> Anything = Gen.OneOf(
        SomeText.Bytes,
        Gen.Choose(0, 255).Select(each => (byte)each).ArrayOf());

    [Fact]
    public void How_the_bytes_are_cut_only_moves_characters_to_the_next_message() =>
        Properties.Hold(
            from bytes in Anything
            from seed in Gen.Choose(0, int.MaxValue)
            select (bytes, seed),
            given =>
            {
                var exchange = new TitleExchange();
                byte[] kept = [];
                foreach (var message in InPieces(given.bytes, new Random(given.seed)))
                {
                    byte[] whole = [.. kept, .. message];
                    var cut = Beginnings.AtTheEndOf(whole);

                    Titles.Answer(exchange, message).ShouldBe(Titles.Of(whole.AsSpan(..^cut)));

                    kept = whole[^cut..];
                }
                Titles.End(exchange).ShouldBe(kept);
            },
            cases: 3000);

    [Fact]
    public void A_message_and_its_end_are_the_title_case_of_the_message() =>
        Properties.Hold(
            SomeText.Bytes,
            bytes =>
            {
                var exchange = new TitleExchange();

                byte[] answered = [.. Titles.Answer(exchange, bytes), .. Titles.End(exchange)];

                answered.ShouldBe(Titles.Of(bytes));
                Titles.Answer(exchange, "aB"u8).ShouldBe("Ab"u8.ToArray());
            },
            cases: 2000);

    [Fact]
    public void The_answer_never_grows_beyond_the_limit_and_text_stays_text() =>
        Properties.Hold(
            Anything,
            bytes =>
            {
                var titled = Titles.Of(bytes);

                titled.Length.ShouldBeLessThanOrEqualTo(bytes.Length * TitleCase.GrowthMax);
                IsUtf8(titled).ShouldBe(IsUtf8(bytes));
            },
            cases: 2000);

    [Fact]
    public void How_the_writer_hands_out_its_memory_never_matters() =>
        Properties.Hold(
            from bytes in SomeText.Bytes
            from times in Gen.Choose(1, 300)
            select Enumerable.Repeat(bytes, times).SelectMany(each => each).ToArray(),
            bytes =>
            {
                var sparing = new SparingWriter();

                TitleCase.Write(bytes, sparing);

                sparing.Written.ShouldBe(Titles.Of(bytes));
            },
            cases: 100);

    private static IEnumerable<byte[]> InPieces(byte[] bytes, Random random)
    {
        var longest = random.Next(1, 9);
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(random.Next(0, longest + 1), bytes.Length - at);
            yield return bytes[at..(at + length)];
            at += length;
        }
    }

    private static bool IsUtf8(byte[] bytes) => System.Text.Unicode.Utf8.IsValid(bytes);

    /// <summary>Hands out exactly what is asked for.</summary>
    private sealed class SparingWriter : IBufferWriter<byte>
    {
        private readonly List<byte> _written = [];
        private byte[] _room = [];

        public byte[] Written => [.. _written];

        public void Advance(int count) => _written.AddRange(_room.AsSpan(..count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _room = new byte[Math.Max(1, sizeHint)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }

    /// <summary>Knows every beginning of a character by having cut every character.</summary>
    private static class Beginnings
    {
        private static readonly HashSet<int> All = [.. Cut()];

        public static int AtTheEndOf(byte[] bytes)
        {
            for (var length = Math.Min(3, bytes.Length); length > 0; length--)
            {
                if (All.Contains(Number(bytes.AsSpan(^length..)))) return length;
            }
            return 0;
        }

        private static List<int> Cut()
        {
            var all = new List<int>();
            Span<byte> utf8 = stackalloc byte[4];
            for (var codePoint = 0x80; codePoint <= 0x10FFFF; codePoint++)
            {
                if (!Rune.TryCreate(codePoint, out var rune)) continue;
                var length = rune.EncodeToUtf8(utf8);
                for (var cut = 1; cut < length; cut++) all.Add(Number(utf8[..cut]));
            }
            return all;
        }

        private static int Number(ReadOnlySpan<byte> bytes)
        {
            // A one in front: bytes of zero count too.
            var number = 1;
            foreach (var each in bytes) number = (number << 8) | each;
            return number;
        }
    }
}
