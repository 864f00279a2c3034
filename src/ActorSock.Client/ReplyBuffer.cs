using System.Net.Sockets;

namespace ActorSock.Client;

/// <summary>Listens to what a server says, also while something is being sent to it.</summary>
/// <remarks>One receive is under way at a time, and no more than <see cref="BytesMax"/> are held: a server
/// that says more than any reply has is not listened to. For one caller at a time.</remarks>
internal sealed class ReplyBuffer(Socket socket) : IAsyncDisposable
{
    /// <summary>Twice the longest closing line: a code may stand before one.</summary>
    public const int BytesMax = 1024;

    private readonly byte[] _buffer = new byte[BytesMax];
    private readonly CancellationTokenSource _stopped = new();
    private int _count;
    private Task<int>? _receiving;

    /// <summary>What has arrived and was not taken. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(0, _count);

    /// <summary>Whether the server says no more: it closed its side, or the connection broke.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>How the connection broke; null while it has not.</summary>
    public SocketException? Failure { get; private set; }

    /// <summary>Completes, and never fails, when something can be taken or nothing will come.</summary>
    public Task Arrival => _count > 0 || HasEnded ? Task.CompletedTask : Receiving;

    private Task<int> Receiving => _receiving ??= ReceiveAsync(_buffer.AsMemory(_count));

    /// <summary>Waits for so many bytes to be unread.</summary>
    /// <returns>False when the server ended before.</returns>
    public async Task<bool> FillAsync(int count, CancellationToken cancel)
    {
        while (_count < count && !HasEnded) await MoreAsync(cancel);
        return _count >= count;
    }

    /// <summary>Waits until <paramref name="delimiter"/> is unread, the server ends, or no more
    /// fits.</summary>
    public async Task FillToAsync(byte delimiter, CancellationToken cancel)
    {
        while (!Unread.Contains(delimiter) && !HasEnded && _count < BytesMax) await MoreAsync(cancel);
    }

    /// <summary>Forgets the first bytes.</summary>
    public void Take(int count)
    {
        Unread[count..].CopyTo(_buffer);
        _count -= count;
    }

    /// <summary>Stops listening, for good. Closing a socket that is being read would reset the connection,
    /// and a reset can overtake what was sent last.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        if (_receiving is not null) await _receiving;
        _stopped.Dispose();
    }

    private async Task MoreAsync(CancellationToken cancel)
    {
        var received = await Receiving.WaitAsync(cancel);
        _receiving = null;
        if (received == 0) HasEnded = true;
        _count += received;
    }

    private async Task<int> ReceiveAsync(Memory<byte> room)
    {
        try
        {
            return await socket.ReceiveAsync(room, _stopped.Token);
        }
        catch (SocketException broken)
        {
            Failure = broken;
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }
}
