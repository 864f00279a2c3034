using System.Buffers;
using ActorSock.Blocks;
using ActorSock.Connections;

namespace ActorSock.Framing;

/// <summary>Says what came of reading more into a <see cref="FrameBuffer"/>.</summary>
internal enum Filled
{
    /// <summary>There is more than before.</summary>
    More,

    /// <summary>Nothing is there; the wait for it has begun.</summary>
    NotYet,

    /// <summary>The peer has closed, or the connection is broken: <see cref="FrameBuffer.End"/>.</summary>
    Ended,

    /// <summary>What is unread is long, and so much is under way elsewhere that there is no memory for more.</summary>
    NoRoom,
}

/// <summary>Holds the bytes of one connection that were read and not yet given away.</summary>
/// <remarks>
/// Empty it holds no memory. A buffer of <see cref="BytesMin"/> everybody may have; a larger one counts against an allowance of the
/// node. The link always knows how much is here: it is lost with the reader.
/// </remarks>
/// <param name="link">is read</param>
/// <param name="reader">waits for more</param>
/// <param name="longer">what larger buffers count against, and those that are kept for long</param>
internal sealed class FrameBuffer(SocketLink link, IActorRef reader, Allowance longer)
{
    /// <summary>Enough for nearly every header; a longer one gets a larger buffer.</summary>
    public const int BytesMin = 4096;

    private Share _share = new(longer, freeBytes: 0); // the buffer that everybody may have is no part of it
    private byte[]? _bytes;
    private int _start, _end;

    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start.._end);

    public int Count => _end - _start;

    /// <summary>What the last read said, when it was the end.</summary>
    public ReadOutcome End { get; private set; }

    /// <summary>Reads what is there behind what is unread.</summary>
    /// <param name="bytesMax">the most that will ever be wanted at once</param>
    public Filled Fill(int bytesMax = BytesMin)
    {
        if (!TryMakeRoom(bytesMax))
            return Filled.NoRoom;
        var outcome = link.TryRead(_bytes.AsMemory(_end));
        if (outcome.WouldBlock)
        {
            DropIfEmpty();
            link.WaitReadable(reader);
            return Filled.NotYet;
        }
        if (outcome.IsEnd)
        {
            End = outcome;
            return Filled.Ended;
        }
        _end += outcome.Bytes;
        link.Unread = Count;
        return Filled.More;
    }

    public void Consume(int bytes)
    {
        _start += bytes;
        link.Unread = Count;
        DropIfEmpty();
    }

    /// <summary>Puts bytes into the empty buffer; false when there is no memory for bytes that may stay for long.</summary>
    /// <param name="bytes">at most <see cref="BytesMin"/></param>
    public bool TryKeep(ReadOnlySpan<byte> bytes)
    {
        if (!_share.TryHave(BytesMin))
            return false;
        _bytes = ArrayPool<byte>.Shared.Rent(BytesMin);
        bytes.CopyTo(_bytes);
        (_start, _end) = (0, bytes.Length);
        link.Unread = Count;
        return true;
    }

    /// <summary>Forgets what is unread.</summary>
    public void Drop()
    {
        if (_bytes is not null)
            ArrayPool<byte>.Shared.Return(_bytes);
        Abandon();
        link.Unread = 0;
    }

    /// <summary>Gives back the memory if nothing is in it.</summary>
    public void DropIfEmpty()
    {
        if (_start == _end && _bytes is not null)
            Drop();
    }

    /// <summary>
    /// Lets go of the memory without giving it back to its pool: whoever failed may have failed half-way through it. The link goes
    /// on knowing how much was lost.
    /// </summary>
    public void Abandon()
    {
        (_bytes, _start, _end) = (null, 0, 0);
        _share.KeepOnly(0);
    }

    private bool TryMakeRoom(int bytesMax)
    {
        if (_bytes is null)
        {
            _bytes = ArrayPool<byte>.Shared.Rent(BytesMin);
            return true;
        }
        if (_end < _bytes.Length)
            return true;
        var unread = Count;
        var next = _bytes;
        if (unread >= _bytes.Length / 2)
        {
            var size = Math.Min(_bytes.Length * 2, Math.Max(bytesMax, _bytes.Length + 1));
            if (!_share.TryHave(size))
                return false;
            next = ArrayPool<byte>.Shared.Rent(size);
        }
        Unread.CopyTo(next);
        if (!ReferenceEquals(next, _bytes))
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, _end) = (next, 0, unread);
        return true;
    }
}
