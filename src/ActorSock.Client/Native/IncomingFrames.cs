using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Reads what a node says: headers, and the bytes between them.</summary>
internal sealed class IncomingFrames(Socket socket)
{
    private const int AnswerCharsMax = 60;

    private readonly byte[] _buffer = new byte[WireLimits.HeaderBytesCeiling + sizeof(int)];
    private int _from, _to;
    private bool _hasHeard;

    private ReadOnlySpan<byte> Unread => _buffer.AsSpan(_from.._to);

    /// <summary>Waits for the next header.</summary>
    /// <returns>Null when the node has closed behind the last frame.</returns>
    /// <exception cref="NodeLostException">The connection broke, or this is no reply.</exception>
    /// <exception cref="NodeRefusedException">Instead of a frame came a closing line.</exception>
    public async ValueTask<NativeReply?> NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (!_hasHeard && IsNoGreeting(Unread)) throw await NoReplyAsync(new Refusal(Rejection.HeaderLength, "it is text"), cancel);
            var decoded = NativeReply.Decode(Unread);
            if (decoded.Outcome == Outcome.Frame)
            {
                _from += decoded.Consumed;
                _hasHeard = true;
                return decoded.Frame;
            }
            if (decoded.Outcome == Outcome.Refused) throw await NoReplyAsync(decoded.Refusal, cancel);
            if (await FillAsync(cancel)) continue;
            if (_from == _to) return null;
            throw new NodeLostException("the node closed the connection in the middle of a reply");
        }
    }

    /// <summary>Reads bytes of a body.</summary>
    /// <returns>How many; 0 when the node has closed.</returns>
    /// <exception cref="NodeLostException">The connection broke.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancel)
    {
        if (_from == _to) return await ReceiveAsync(destination, cancel);
        var count = Math.Min(destination.Length, _to - _from);
        _buffer.AsSpan(_from, count).CopyTo(destination.Span);
        _from += count;
        return count;
    }

    // Who turns a client away may not wait for what it sends, and then the connection is reset behind the line.
    private async ValueTask<bool> HasMoreAsync(CancellationToken cancel)
    {
        try
        {
            return await FillAsync(cancel);
        }
        catch (NodeLostException)
        {
            return false;
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        if (_from > 0)
        {
            Unread.CopyTo(_buffer);
            (_from, _to) = (0, _to - _from);
        }
        var count = await ReceiveAsync(_buffer.AsMemory(_to), cancel);
        _to += count;
        return count > 0;
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> destination, CancellationToken cancel)
    {
        try
        {
            return await socket.ReceiveAsync(destination, cancel);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            throw new NodeLostException($"the connection was lost: {broken.Message}", broken);
        }
    }

    // Who is turned away before a dialect is agreed upon gets the line of the older ones.
    private async Task<IOException> NoReplyAsync(Refusal why, CancellationToken cancel)
    {
        while (IsLine(Unread) && _to - _from < Replies.LineBytesMax && !Unread.Contains((byte)'\n') && await HasMoreAsync(cancel)) { }
        var line = Encoding.UTF8.GetString(Unread[..Math.Min(Unread.Length, Replies.LineBytesMax)]).Split('\n')[0];
        if (line.Length > 4 && line[3] == ' '
            && int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            return new NodeRefusedException(new NativeReply { Status = status, Message = line[4..], Closes = true });
        // Nothing else that a node says has this length and no meaning; it took hello for the answer, and closed.
        if (_to - _from == Challenge.Bytes && !_hasHeard) return new NodeLostException("it asks for a key") { AsksForKey = true };
        return _hasHeard
            ? new NodeLostException($"this is no reply of a node: {why}")
            : new NodeLostException($"this is no reply of a node: it answered '{Shown(line)}'") { Answered = Shown(line) };
    }

    private static string Shown(string line) => Escaping.Printable(line.TrimEnd('\r').AsSpan(), AnswerCharsMax);

    // The length of an answer to hello is less than 8 KiB, and no letter is its second byte: who says "hi" and waits is found out.
    private static bool IsNoGreeting(ReadOnlySpan<byte> begun) => begun is [_, >= 0x20, ..] && begun.Length != Challenge.Bytes;

    // For a line that says why, more is waited for; others may never end.
    private static bool IsLine(ReadOnlySpan<byte> begun) =>
        !begun[..Math.Min(begun.Length, 3)].ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
