using System.Globalization;
using System.Text;
using ActorSock.Wire.Text;

namespace ActorSock.Commands;

/// <summary>What a client is told of one request, piece by piece.</summary>
internal sealed class RunAnswer
{
    private readonly Queue<ReadOnlyMemory<byte>> _pieces;
    private byte[] _note;
    private int _given;

    private RunAnswer(byte[] head, bool headIsApart, RunOutput? output, string? note)
    {
        (Head, HeadIsApart, _note) = (head, headIsApart, note is null ? [] : Encoding.UTF8.GetBytes(note + "\n"));
        (_pieces, HeldBytes) = (new(output?.Pieces ?? []), output?.HeldBytes ?? 0);
    }

    /// <summary>What comes before the output: how it ended, or the length.</summary>
    public byte[] Head { get; }

    /// <summary>Whether the client has to read the head by itself: COMMANDS.md says why.</summary>
    public bool HeadIsApart { get; }

    /// <summary>Memory that the output takes; a piece takes it until the next one is asked for.</summary>
    public int HeldBytes { get; private set; }

    /// <summary>Whether nothing follows the head.</summary>
    public bool IsHeadOnly => HeldBytes == 0 && _note.Length == 0;

    /// <summary>In frames: a reply that tells all, then the output.</summary>
    public static RunAnswer Framed(RunReply reply, RunOutput? output) => new(reply.Encode(), headIsApart: false, output, note: null);

    /// <summary>In text: the length, the output, and what a person should know.</summary>
    /// <param name="reply">How it ended.</param>
    /// <param name="output">What the program wrote; null when none has run.</param>
    /// <param name="order">What was run; null when nothing was.</param>
    public static RunAnswer Text(RunReply reply, RunOutput? output, RunOrder? order)
    {
        var note = reply switch
        {
            RunReply.Refused refused => refused.Why,
            RunReply.Killed killed => $"{order?.Command}: killed: {killed.Why}",
            { IsCut: true } => $"{order?.Command}: cut: output limit of {order?.Settings.OutputBytesMax} bytes",
            _ => null,
        };
        var noteBytes = note is null ? 0 : Encoding.UTF8.GetByteCount(note) + 1;
        var length = reply.OutputBytes + reply.ErrorBytes + noteBytes;
        return new RunAnswer(
            Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture) + "\n"), headIsApart: true, output, note);
    }

    /// <summary>The next piece of the output; false behind the last.</summary>
    public bool TryNext(out ReadOnlyMemory<byte> piece)
    {
        HeldBytes -= _given;
        var found = _pieces.TryDequeue(out piece);
        _given = piece.Length;
        if (!found)
            HeldBytes = 0; // also of pieces that were not full
        return found;
    }

    /// <summary>What comes behind the output, once: for a person, who gets nothing but the output.</summary>
    public byte[] TakeNote()
    {
        var note = _note;
        _note = [];
        return note;
    }
}
