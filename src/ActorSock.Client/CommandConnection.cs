using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ActorSock.Wire;
using ActorSock.Wire.Text;

namespace ActorSock.Client;

/// <summary>Runs commands on a server over one connection, one after the other, as COMMANDS.md says.</summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class CommandConnection : IAsyncDisposable
{
    private const int PieceBytes = 64 << 10;

    private readonly Socket _socket;

    private CommandConnection(Socket socket) => _socket = socket;

    /// <summary>Whether another command can be run, as far as is known here.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Connects to a server.</summary>
    /// <param name="address"><c>HOST:PORT</c>, <c>[v6]:PORT</c> or <c>unix:/path</c>.</param>
    /// <param name="key">Null for servers that ask for none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="FormatException"><paramref name="address"/> is none.</exception>
    /// <exception cref="SocketException">The server cannot be found or reached.</exception>
    /// <exception cref="KeyRefusedException">There is a key, and the server sent no challenge.</exception>
    public static async Task<CommandConnection> ConnectAsync(
        string address, ClientKey? key = null, CancellationToken cancel = default) =>
        new(await ServerSocket.ConnectAsync(address, key, cancel));

    /// <summary>Runs one command to its end.</summary>
    /// <param name="words">Its name and its arguments, as they are: nothing in them is special.</param>
    /// <param name="output">Takes what it wrote to standard output.</param>
    /// <param name="error">Takes what it wrote to standard error.</param>
    /// <param name="cancel">Gives up, and closes the connection, which ends the command.</param>
    /// <returns>How it ended; a <see cref="RunReply.Refused"/> when it was not run.</returns>
    /// <exception cref="ArgumentException">The words are too long for one request.</exception>
    /// <exception cref="InvalidOperationException">The connection is closed.</exception>
    /// <exception cref="IOException">The connection was lost, or this is no such server.</exception>
    public async Task<RunReply> RunAsync(
        IReadOnlyList<string> words, Stream output, Stream error, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        var request = new RunRequest(words).Encode();
        if (!IsOpen) throw new InvalidOperationException("the connection is closed: open another");
        IsOpen = false;
        try
        {
            for (ReadOnlyMemory<byte> rest = request; rest.Length > 0;)
                rest = rest[await _socket.SendAsync(rest, cancel)..];
            var reply = await ReplyAsync(cancel);
            await CopyAsync(reply.OutputBytes, output, cancel);
            await CopyAsync(reply.ErrorBytes, error, cancel);
            return reply;
        }
        catch (SocketException broken)
        {
            throw new IOException($"the connection was lost: {broken.Message}: perhaps the server asks for a key, or for another one", broken);
        }
    }

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync()
    {
        IsOpen = false;
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<RunReply> ReplyAsync(CancellationToken cancel)
    {
        var prefix = new byte[RunRequest.PrefixBytes];
        for (var got = 0; got < prefix.Length;)
        {
            var count = await _socket.ReceiveAsync(prefix.AsMemory(got), cancel);
            if (count == 0) throw new EndOfStreamException("the server closed before it had answered");
            got += count;
            // No reply is so long that its second byte is a letter: who says "hi" and waits for more is no such server.
            if (got < prefix.Length && prefix[1] >= 0x20) return await LastLineAsync(prefix[..got], cancel);
        }
        if (!RunRequest.TryReadLength(prefix, out var length)) return await LastLineAsync(prefix, cancel);
        var json = new byte[length];
        await ReadAsync(json, cancel);
        try
        {
            var reply = RunReply.Decode(json);
            IsOpen = true;
            return reply;
        }
        catch (FormatException wrong)
        {
            throw new IOException(wrong.Message, wrong);
        }
    }

    /// <summary>A server that has no place for a connection says so in a line, and closes.</summary>
    private async Task<RunReply> LastLineAsync(byte[] begun, CancellationToken cancel)
    {
        var line = new byte[Replies.LineBytesMax];
        begun.CopyTo(line, 0);
        var length = begun.Length;
        // Only for a refusal is the end of its line waited for: others may never end.
        while (!begun.AsSpan(0, Math.Min(begun.Length, 3)).ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && length < line.Length && await _socket.ReceiveAsync(line.AsMemory(length), cancel) is > 0 and var more)
            length += more;
        var text = Encoding.UTF8.GetString(line, 0, length).TrimEnd();
        if (text.Length > 4 && text[3] == ' '
            && int.TryParse(text.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            return new RunReply.Refused(code, text[4..]);
        // What has come with it is shown, too.
        while (length < line.Length && _socket.Available > 0 && await _socket.ReceiveAsync(line.AsMemory(length), cancel) is > 0 and var rest)
            length += rest;
        text = Encoding.UTF8.GetString(line, 0, length).TrimEnd();
        throw new IOException($"this is no ActorSock service of commands: it answered '{Escaping.Printable(text)}': name the port of one");
    }

    private async Task ReadAsync(Memory<byte> bytes, CancellationToken cancel)
    {
        while (bytes.Length > 0)
        {
            var count = await _socket.ReceiveAsync(bytes, cancel);
            if (count == 0) throw new EndOfStreamException("the server closed before it had answered");
            bytes = bytes[count..];
        }
    }

    private async Task CopyAsync(long bytes, Stream to, CancellationToken cancel)
    {
        if (bytes == 0) return;
        IsOpen = false;
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            for (long left = bytes; left > 0;)
            {
                var part = piece.AsMemory(0, (int)Math.Min(left, piece.Length));
                var count = await _socket.ReceiveAsync(part, cancel);
                if (count == 0) throw new EndOfStreamException("the server closed before it had answered");
                await to.WriteAsync(part[..count], cancel);
                left -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
        IsOpen = true;
    }
}
