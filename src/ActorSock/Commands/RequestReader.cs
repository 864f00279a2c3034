using ActorSock.Blocks;
using ActorSock.Wire;
using ActorSock.Wire.Text;

namespace ActorSock.Commands;

/// <summary>Takes the requests of one client, in whichever of the two dialects it speaks, out of what has arrived.</summary>
/// <remarks>What has arrived of a request that is not whole is held, under an allowance until <see cref="Clear"/>.</remarks>
internal sealed class RequestReader(Allowance allowance)
{
    /// <summary>What a client wants.</summary>
    /// <param name="Line">The same for the record.</param>
    public abstract record Request(string Line)
    {
        /// <summary>That a command is run.</summary>
        public sealed record Run(IReadOnlyList<string> Words, string Line) : Request(Line);

        /// <summary>Something that cannot be read.</summary>
        public sealed record Unreadable(RunRefusal Refusal, string Line) : Request(Line);

        /// <summary>That the conversation ends.</summary>
        public sealed record Exit() : Request("exit");
    }

    /// <summary>Characters of a request in the record: enough to tell what was tried.</summary>
    private const int RecordCharsMax = 1024;

    private readonly HeldBytes _held = new(allowance);
    private bool? _isFramed;
    private bool _more;
    private int _skip; // bytes of a request that was refused

    /// <summary>Whether the client speaks in frames; known with the first request.</summary>
    public bool IsFramed => _isFramed ?? false;

    /// <summary>Whether nothing more will arrive.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether a request has begun and is not all there.</summary>
    public bool IsInRequest => !_held.IsEmpty || _skip > 0;

    /// <summary>The most that is to be read next. What is read is never more than there is room for, so that nobody who sends much is
    /// closed because others do.</summary>
    public int Room => Math.Max(_held.Room, _skip);

    /// <summary>Adds what a read has delivered.</summary>
    /// <param name="read">What it has delivered.</param>
    /// <param name="more">Whether it has left bytes where they were.</param>
    public void Append(ReadOnlySpan<byte> read, bool more)
    {
        _more = more;
        var skipped = Math.Min(_skip, read.Length);
        _skip -= skipped;
        _held.Append(read[skipped..]);
    }

    /// <summary>Nothing more will arrive.</summary>
    public void End() => HasEnded = true;

    /// <summary>Lets go of what is not read.</summary>
    public void Clear()
    {
        _held.Clear();
        _skip = 0;
    }

    /// <summary>The next request; null when it is not there yet.</summary>
    public Request? Next()
    {
        _isFramed ??= RunRequest.IsFramed(_held.Span);
        var request = _isFramed.Value ? NextFrame() : NextText();
        return request is { Line.Length: > RecordCharsMax } ? request with { Line = request.Line[..RecordCharsMax] + "..." } : request;
    }

    private Request? NextText()
    {
        var outcome = CommandText.Next(_held.Span, _more, HasEnded, out var consumed, out var command);
        _held.Consume(consumed);
        if (outcome == Outcome.Refused)
            return new Request.Unreadable(RunRefusal.Endless($"it is longer than {CommandText.LineBytesMax} bytes"), "");
        if (outcome != Outcome.Frame)
            return null;
        if (command is null)
            return new Request.Unreadable(RunRefusal.Unreadable("it is no UTF-8"), "");
        if (command == "exit")
            return new Request.Exit();
        return CommandLine.TrySplit(command, out var words, out var why)
            ? new Request.Run(words, command)
            : new Request.Unreadable(RunRefusal.Unreadable(why), command);
    }

    private Request? NextFrame()
    {
        var unread = _held.Span;
        if (unread.Length < RunRequest.PrefixBytes)
            return null;
        if (!RunRequest.TryReadLength(unread, out var length))
            return new Request.Unreadable(RunRefusal.Endless($"its length is {length}, allowed is 1 to {RunRequest.JsonBytesMax}"), "");
        if (!_held.TryReserve(RunRequest.PrefixBytes + length))
            return Skip(length);
        if (unread.Length < RunRequest.PrefixBytes + length)
            return null;
        var json = unread.Slice(RunRequest.PrefixBytes, length);
        var request = RunRequest.Decode(json, out var refusal);
        var line = request is null ? Escaping.Printable(json, RecordCharsMax) : CommandLine.Join(request.Words);
        _held.Consume(RunRequest.PrefixBytes + length);
        return request is null ? new Request.Unreadable(refusal!, line) : new Request.Run(request.Words, line);
    }

    /// <summary>Refuses a request for which there is no room; what comes behind it is heard.</summary>
    private Request.Unreadable Skip(int length)
    {
        var held = Math.Min(_held.Span.Length, RunRequest.PrefixBytes + length);
        _skip = RunRequest.PrefixBytes + length - held;
        _held.Consume(held);
        return new Request.Unreadable(RunRefusal.NoRoom(length), "");
    }
}
