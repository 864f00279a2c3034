using System.Net.Sockets;
using System.Text;

namespace ActorSock.Client.Chat;

/// <summary>Carries the lines of the chat to one node and back.</summary>
internal abstract class ChatLink : IDisposable
{
    /// <summary>Whether what is sent may be lost, so that it must be repeated.</summary>
    public abstract bool MayLose { get; }

    /// <summary>Begins, or begins anew after an end.</summary>
    /// <exception cref="SocketException">The node cannot be found or reached.</exception>
    /// <exception cref="KeyRefusedException">It sent no challenge.</exception>
    public abstract Task OpenAsync(CancellationToken cancel);

    /// <summary>Sends a line, whole.</summary>
    /// <exception cref="SocketException">It cannot be sent now.</exception>
    public abstract Task SendAsync(string line, CancellationToken cancel);

    /// <summary>The next line; null at the end.</summary>
    /// <exception cref="SocketException">Nothing is to be heard now.</exception>
    public abstract ValueTask<byte[]?> ReceiveAsync(CancellationToken cancel);

    public abstract void Dispose();

    /// <summary>A datagram for each line.</summary>
    internal sealed class Datagrams(string address) : ChatLink
    {
        private readonly byte[] _buffer = new byte[64 * 1024];
        private Socket? _socket;

        public override bool MayLose => true;

        public override async Task OpenAsync(CancellationToken cancel)
        {
            var socket = await ServerSocket.ConnectUdpAsync(address, cancel);
            _socket?.Dispose();
            _socket = socket;
        }

        public override async Task SendAsync(string line, CancellationToken cancel) =>
            await _socket!.SendAsync(Encoding.UTF8.GetBytes(line), cancel);

        public override async ValueTask<byte[]?> ReceiveAsync(CancellationToken cancel)
        {
            var length = await _socket!.ReceiveAsync(_buffer, cancel);
            return _buffer[..length];
        }

        public override void Dispose() => _socket?.Dispose();
    }

    /// <summary>Lines over a connection.</summary>
    internal sealed class Lines(string address, ClientKey? key) : ChatLink
    {
        private const int LineBytesMax = 256 * 1024;

        private readonly SemaphoreSlim _turn = new(1);
        private readonly byte[] _buffer = new byte[16 * 1024];
        private readonly MemoryStream _unread = new();
        private Socket? _socket;
        private int _filled, _taken;

        public override bool MayLose => false;

        public override async Task OpenAsync(CancellationToken cancel)
        {
            _socket?.Dispose();
            (_filled, _taken) = (0, 0);
            _unread.SetLength(0);
            _socket = await ServerSocket.ConnectAsync(address, key, cancel);
        }

        public override async Task SendAsync(string line, CancellationToken cancel)
        {
            ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(line + "\n");
            await _turn.WaitAsync(cancel);
            try
            {
                while (bytes.Length > 0)
                    bytes = bytes[await _socket!.SendAsync(bytes, cancel)..];
            }
            finally
            {
                _turn.Release();
            }
        }

        public override async ValueTask<byte[]?> ReceiveAsync(CancellationToken cancel)
        {
            while (true)
            {
                var end = _buffer.AsSpan(_taken, _filled - _taken).IndexOf((byte)'\n');
                if (end >= 0)
                {
                    _unread.Write(_buffer, _taken, end);
                    _taken += end + 1;
                    var line = _unread.ToArray();
                    _unread.SetLength(0);
                    return line;
                }
                _unread.Write(_buffer, _taken, _filled - _taken);
                if (_unread.Length > LineBytesMax)
                    throw new SocketException((int)SocketError.MessageSize);
                (_taken, _filled) = (0, await _socket!.ReceiveAsync(_buffer, cancel));
                if (_filled == 0)
                    return null;
            }
        }

        public override void Dispose()
        {
            _socket?.Dispose();
            _turn.Dispose();
        }
    }
}
