using System.Buffers;
using System.Text;

namespace ActorSock.Wire.Text;

/// <summary>Answers each message in title case, as <see cref="TitleCase"/> makes it.</summary>
/// <remarks>A character that is cut at the end of a message belongs to the next one: its bytes, at most
/// three, are kept. <see cref="End"/> gives them back as they came. Words start anew with every message, and
/// a sigma looks no further than its own. <see cref="Answer"/> and then <see cref="End"/> make the title case
/// of one message, whatever stands in it.</remarks>
public sealed class TitleExchange : IExchange
{
    private readonly byte[] _kept = new byte[TitleCase.Utf8BytesMax];
    private int _keptCount;
    private WordState _state; // behind a part of a message; none between messages
    private bool _inMessage;

    /// <inheritdoc/>
    public int AnswerBytesMax(int messageBytes) => TitleCase.GrowthMax * (messageBytes + TitleCase.Utf8BytesMax - 1);

    /// <inheritdoc/>
    public void Answer(ReadOnlySpan<byte> message, IBufferWriter<byte> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        Begin(ref message, answer);
        // What was kept may still be a cut character, or may have been all there was.
        if (!message.IsEmpty) AnswerLast(message, answer);
        _inMessage = false;
    }

    /// <inheritdoc/>
    public int AnswerPart(ReadOnlySpan<byte> left, int bytesMax, IBufferWriter<byte> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, IExchange.PartBytesMin);
        var rest = left;
        Begin(ref rest, answer);
        var max = bytesMax - (left.Length - rest.Length);
        if (rest.Length <= max)
        {
            if (!rest.IsEmpty) AnswerLast(rest, answer);
            _inMessage = false;
            return left.Length;
        }
        var count = max - CutBytes(rest[..max]);
        TitleCase.Write(rest, count, ref _state, answer);
        return left.Length - rest.Length + count;
    }

    /// <summary>Where a message begins, answers the character that its first bytes complete.</summary>
    private void Begin(ref ReadOnlySpan<byte> message, IBufferWriter<byte> answer)
    {
        if (_inMessage) return;
        _inMessage = true;
        _state = new WordState(_keptCount > 0 ? Complete(ref message, answer) : CaseTraits.None);
    }

    private void AnswerLast(ReadOnlySpan<byte> message, IBufferWriter<byte> answer)
    {
        var cut = CutBytes(message);
        TitleCase.Write(message[..^cut], message.Length - cut, ref _state, answer);
        message[^cut..].CopyTo(_kept);
        _keptCount = cut;
    }

    /// <inheritdoc/>
    public void End(IBufferWriter<byte> answer)
    {
        answer.Write(_kept.AsSpan(0, _keptCount));
        _keptCount = 0;
        _inMessage = false;
    }

    /// <summary>Puts the kept bytes in front of a message, takes away what completes them, and answers
    /// that.</summary>
    /// <returns>The traits of the character that now stands before the rest of the message.</returns>
    private CaseTraits Complete(ref ReadOnlySpan<byte> message, IBufferWriter<byte> answer)
    {
        var taken = Math.Min(message.Length, TitleCase.Utf8BytesMax - _keptCount);
        message[..taken].CopyTo(_kept.AsSpan(_keptCount));
        var front = _kept.AsSpan(0, _keptCount + taken);
        switch (Rune.DecodeFromUtf8(front, out var rune, out var length))
        {
            case OperationStatus.NeedMoreData:
                _keptCount = front.Length;
                message = default;
                return CaseTraits.None;
            case OperationStatus.Done:
                message = message[(length - _keptCount)..];
                _keptCount = 0;
                TitleCase.Write(front[..length], answer);
                return CaseTable.Traits(CaseTable.Find(rune.Value));
            default:
                // They were the start of a character, and no rest of them starts another.
                answer.Write(_kept.AsSpan(0, _keptCount));
                _keptCount = 0;
                return CaseTraits.None;
        }
    }

    /// <summary>How many bytes at the end of a message are the beginning of a character, and no more than
    /// that.</summary>
    private static int CutBytes(ReadOnlySpan<byte> message)
    {
        var back = 1;
        while (back < TitleCase.Utf8BytesMax && back <= message.Length)
        {
            if ((message[^back] & 0xC0) != 0x80)
            {
                var status = Rune.DecodeFromUtf8(message[^back..], out _, out _);
                return status == OperationStatus.NeedMoreData ? back : 0;
            }
            back++;
        }
        return 0;
    }
}
