using System.Buffers;
using System.Net.Sockets;

namespace ActorSock.Client.Native;

/// <summary>Sends frames, one after the other: small ones are gathered while others go out, large ones take their turn.</summary>
/// <param name="socket">Where to.</param>
/// <param name="broken">Told when what was gathered could not be sent.</param>
internal sealed class OutgoingFrames(Socket socket, Action<NodeLostException> broken) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _gathering = new();
    private ArrayBufferWriter<byte> _going = new();
    private bool _isFlushing;

    /// <summary>Sends a frame with its body soon; returns at once.</summary>
    public void Post(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body)
    {
        lock (_gate)
        {
            _gathering.Write(header);
            _gathering.Write(body);
            if (_isFlushing) return;
            _isFlushing = true;
        }
        _ = FlushAsync();
    }

    /// <summary>Waits until nothing else is being sent. Whoever may send then leaves behind a whole frame, or the
    /// connection closed.</summary>
    public Task EnterAsync(CancellationToken cancel) => _turn.WaitAsync(cancel);

    public void Leave() => _turn.Release();

    /// <summary>Sends bytes; for whoever has the turn.</summary>
    /// <exception cref="NodeLostException">The connection broke.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, cancel)..];
        }
        catch (Exception lost) when (lost is SocketException or ObjectDisposedException)
        {
            throw new NodeLostException($"the connection was lost: {lost.Message}", lost);
        }
    }

    /// <summary>Waits until nothing is being sent: the socket was closed, and may go now.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _turn.Release();
    }

    private async Task FlushAsync()
    {
        await _turn.WaitAsync();
        try
        {
            while (Take() is { Length: > 0 } gathered) await SendAsync(gathered, CancellationToken.None);
        }
        catch (NodeLostException lost)
        {
            broken(lost);
        }
        finally
        {
            _turn.Release();
        }
    }

    // Behind a connection that broke the mark stays: nothing more is to be sent.
    private ReadOnlyMemory<byte> Take()
    {
        lock (_gate)
        {
            _going.ResetWrittenCount();
            (_gathering, _going) = (_going, _gathering);
            _isFlushing = _going.WrittenCount > 0;
            return _going.WrittenMemory;
        }
    }
}
