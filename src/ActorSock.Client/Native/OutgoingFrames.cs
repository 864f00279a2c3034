using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Client.Native;

/// <summary>Sends frames, one after the other: small ones are gathered while others go out, large ones take their turn.</summary>
/// <param name="socket">Where to.</param>
/// <param name="broken">Told when what was gathered could not be sent.</param>
internal sealed partial class OutgoingFrames(Socket socket, Action<NodeLostException> broken) : IAsyncDisposable
{
    // What is copied of a file when there is no room for more: enough to be worth a call, and little of what there is room for next.
    private const int StepBytes = 16 << 10;

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

    /// <summary>Sends bytes of a file as they are when they leave, without copying them; for whoever has the turn. On Linux.</summary>
    /// <exception cref="NodeLostException">The connection broke.</exception>
    /// <exception cref="EndOfStreamException">The file has become shorter.</exception>
    public async Task SendAsync(SafeFileHandle file, long offset, int count, CancellationToken cancel)
    {
        var step = ArrayPool<byte>.Shared.Rent(StepBytes);
        try
        {
            for (var end = offset + count; offset < end;)
            {
                cancel.ThrowIfCancellationRequested();
                if (TrySend(file, ref offset, end)) continue;
                // Nobody tells when there is room again but who has something to send. If it was something else, it is told, too.
                var got = RandomAccess.Read(file, step.AsSpan(0, (int)Math.Min(StepBytes, end - offset)), offset);
                if (got == 0) throw new EndOfStreamException($"the file has become shorter, and ends at byte {offset}");
                await SendAsync(step.AsMemory(0, got), cancel);
                offset += got;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(step);
        }
    }

    /// <summary>Waits until nothing is being sent: the socket was closed, and may go now.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _turn.Release();
    }

    private bool TrySend(SafeFileHandle file, ref long offset, long end)
    {
        try
        {
            return SendFile(socket.SafeHandle, file, ref offset, (nint)(end - offset)) > 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
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

    [LibraryImport("libc", EntryPoint = "sendfile")]
    private static partial nint SendFile(SafeSocketHandle socket, SafeFileHandle file, ref long offset, nint count);
}
