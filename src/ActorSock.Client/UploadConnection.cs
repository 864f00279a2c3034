using System.Net.Sockets;
using ActorSock.Wire;

namespace ActorSock.Client;

/// <summary>Sends files to a server over one connection, one after the other, as WIRE.md says.</summary>
/// <remarks>It holds two blocks of 256 KiB while a file is sent and one KiB otherwise. For one caller at a
/// time.</remarks>
public sealed class UploadConnection : IAsyncDisposable
{
    private const int DigestDiffersCode = 204;

    private readonly Socket _socket;
    private readonly ReplyBuffer _heard;
    private readonly ReplyReader _replies;
    private readonly BodySender _sender;
    private int _isBusy;
    private bool _isDisposed;

    private UploadConnection(Socket socket, UploadOptions options)
    {
        _socket = socket;
        _heard = new ReplyBuffer(socket);
        _replies = new ReplyReader(_heard, options);
        _sender = new BodySender(socket, _heard);
    }

    /// <summary>Whether another file can be offered, as far as is known here.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Connects to a server.</summary>
    /// <param name="address"><c>HOST:PORT</c>, <c>[v6]:PORT</c> or <c>unix:/path</c>.</param>
    /// <param name="options">How patient to be; null for the defaults.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="FormatException"><paramref name="address"/> is none.</exception>
    /// <exception cref="SocketException">The server cannot be found or reached.</exception>
    /// <exception cref="KeyRefusedException">There is a key in the options, and the server sent no challenge.</exception>
    public static async Task<UploadConnection> ConnectAsync(
        string address, UploadOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new UploadOptions();
        return new UploadConnection(await ServerSocket.ConnectAsync(address, options.Key, cancel), options);
    }

    /// <summary>Sends one file and waits for the answer, where its dialect has one.</summary>
    /// <param name="dialect"><see cref="Dialect.DigestAfter"/> unless there is a reason for another.</param>
    /// <param name="name">The name on the server, see WIRE.md.</param>
    /// <param name="body">Where the bytes are read from, beginning where the stream stands.
    /// <see cref="Dialect.DigestInHeader"/> reads it twice, so it must be able to seek.</param>
    /// <param name="size">Bytes of the body; what the stream holds beyond them is not sent.</param>
    /// <param name="progress">Told how many bytes of the body have been sent.</param>
    /// <param name="cancel">Gives up, and closes the connection when the file was begun.</param>
    /// <exception cref="ArgumentException">The name or the size cannot be said.</exception>
    /// <exception cref="InvalidOperationException">The connection is closed, or sends a file.</exception>
    /// <exception cref="IOException">The body could not be read, or was shorter than <paramref name="size"/>
    /// (<see cref="EndOfStreamException"/>); the connection is closed when the file was begun.</exception>
    public async Task<UploadOutcome> PutAsync(
        Dialect dialect, string name, Stream body, long size,
        IProgress<long>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        Enter();
        try
        {
            var header = HeaderEncoder.Encode(
                new PutHeader(dialect, name, size, await PromiseAsync(dialect, body, size, cancel)));
            // Not even the header needs to go out when the server has said meanwhile that it is too late.
            IsOpen = false;
            return _heard.Arrival.IsCompleted
                ? await LastAsync(cancel)
                : await ConverseAsync(dialect, header, body, size, progress, cancel);
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    /// <summary>Tells the server that no further file comes, and waits for it to close, which it does when it
    /// has done with what was sent. The only way to hear of a refusal that came late in
    /// <see cref="Dialect.BareAcknowledged"/> and <see cref="Dialect.Bare"/>.</summary>
    /// <returns>Null when the server closed without a word; else what it said, or why nothing came.</returns>
    /// <exception cref="InvalidOperationException">The connection is closed, or sends a file.</exception>
    public async Task<UploadOutcome?> FinishAsync(CancellationToken cancel = default)
    {
        Enter();
        try
        {
            IsOpen = false;
            _socket.Shutdown(SocketShutdown.Send);
            return await _replies.ReadLastAsync(cancel);
        }
        catch (SocketException broken)
        {
            return new UploadOutcome.Closed(broken.Message);
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    /// <summary>Closes the connection. What was sent is still delivered.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        IsOpen = false;
        await _heard.DisposeAsync();
        _socket.Dispose();
    }

    private static async Task<Md5Digest?> PromiseAsync(
        Dialect dialect, Stream body, long size, CancellationToken cancel)
    {
        if (dialect != Dialect.DigestInHeader) return null;
        if (!body.CanSeek) throw new ArgumentException("a body that is read twice must seek", nameof(body));
        var begin = body.Position;
        var digest = await BodySender.DigestAsync(body, size, cancel);
        body.Position = begin;
        return digest;
    }

    private async Task<UploadOutcome> ConverseAsync(
        Dialect dialect, ReadOnlyMemory<byte> header, Stream body, long size,
        IProgress<long>? progress, CancellationToken cancel)
    {
        if (dialect == Dialect.BareAcknowledged)
        {
            if (!await _sender.SendAsync(header, cancel)) return await LastAsync(cancel);
            if (await RefusalAsync(Replies.Ready, cancel) is { } refusal) return refusal;
            header = default;
        }
        if (await _sender.SendAsync(header, body, size, progress, cancel) is not { } digest)
            return await LastAsync(cancel);
        if (dialect is Dialect.BareAcknowledged or Dialect.Bare)
        {
            IsOpen = true;
            return new UploadOutcome.Sent(digest);
        }
        if (dialect == Dialect.DigestAfter)
        {
            // Waited for, though WIRE.md does not ask for it: simpler servers of this dialect take digits
            // that come early for a part of the body.
            if (await RefusalAsync(Replies.Ok, cancel) is { } refusal) return refusal;
            var digits = new byte[Md5Digest.HexDigitsCount];
            digest.WriteHex(digits);
            if (!await _sender.SendAsync(digits, cancel)) return await LastAsync(cancel);
        }
        var verdict = await RefusalAsync(Replies.Stored, cancel) ?? new UploadOutcome.Stored(digest);
        IsOpen |= verdict is UploadOutcome.Stored;
        return verdict is UploadOutcome.Refused { Code: DigestDiffersCode }
            ? new UploadOutcome.Differs(digest)
            : verdict;
    }

    private async Task<UploadOutcome?> RefusalAsync(ReadOnlyMemory<byte> hopedFor, CancellationToken cancel)
    {
        switch (await _replies.ReadAsync(hopedFor, cancel))
        {
            case Reply.Code(var digits):
                IsOpen = true;
                return new UploadOutcome.Refused(digits, Meaning(digits));
            case Reply.Last(var outcome):
                return outcome;
            default:
                return null;
        }
    }

    private async Task<UploadOutcome> LastAsync(CancellationToken cancel) =>
        await _replies.ReadLastAsync(cancel) ?? new UploadOutcome.Closed(_replies.Ended());

    // Several rejections may share a code, and then the code alone does not tell which.
    private static string Meaning(int code)
    {
        var known = Rejection.All.Where(rejection => rejection.Code == code && !rejection.IsNative).ToArray();
        return known.Length > 0
            ? string.Join(", or ", known.Select(rejection => rejection.Sentence))
            : "the server did not say why";
    }

    private void Enter()
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
            throw new InvalidOperationException("a file is being sent: one at a time goes over a connection");
        if (IsOpen) return;
        Volatile.Write(ref _isBusy, 0);
        throw new InvalidOperationException("the connection is closed: open another");
    }
}
