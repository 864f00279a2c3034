using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using ActorSock.Benchmarks.Uploads;

namespace ActorSock.Benchmarks.Native;

/// <summary>One direction of a relayed connection: a thread that reads, one that writes, and between them what is on its way.</summary>
internal sealed class RelayPipe
{
    private const int PieceBytes = 64 * 1024, PiecesMax = 512, StackBytes = 256 * 1024;

    private readonly Socket _from, _to;
    private readonly long _delayNanoseconds;
    private readonly Queue<Piece> _onItsWay = new();
    private readonly object _gate = new(); // for Monitor.Wait, which spins less than what the framework has for queues
    private readonly Thread _reader, _writer;
    private long _cpuTicks;

    /// <param name="Count">0 for the end</param>
    /// <param name="Due">by the clock of <see cref="Stopwatch"/></param>
    private readonly record struct Piece(byte[] Bytes, int Count, long Due);

    public RelayPipe(Socket from, Socket to, TimeSpan delay)
    {
        (_from, _to, _delayNanoseconds) = (from, to, (long)delay.TotalNanoseconds);
        _reader = new Thread(() => Counted(Read), StackBytes) { IsBackground = true };
        _writer = new Thread(() => Counted(Write), StackBytes) { IsBackground = true };
        _reader.Start();
        _writer.Start();
    }

    /// <summary>CPU time of those of both threads that have ended.</summary>
    public TimeSpan Cpu => TimeSpan.FromTicks(Interlocked.Read(ref _cpuTicks));

    /// <returns>false when it has not ended by then</returns>
    public bool Join(TimeSpan patience) => _reader.Join(patience) && _writer.Join(patience);

    /// <summary>Breaks the connection, in both directions.</summary>
    public void Break()
    {
        _from.Dispose();
        _to.Dispose();
    }

    private void Counted(Action work)
    {
        work();
        Interlocked.Add(ref _cpuTicks, LibC.ThreadCpu.Ticks);
    }

    private void Read()
    {
        while (true)
        {
            var bytes = ArrayPool<byte>.Shared.Rent(PieceBytes);
            var count = Receive(bytes);
            var piece = new Piece(bytes, count, Stopwatch.GetTimestamp() + _delayNanoseconds);
            lock (_gate)
            {
                while (_onItsWay.Count == PiecesMax)
                    Monitor.Wait(_gate);
                _onItsWay.Enqueue(piece);
                Monitor.PulseAll(_gate);
            }
            if (count == 0)
                return;
        }
    }

    private void Write()
    {
        while (true)
        {
            Piece piece;
            lock (_gate)
            {
                while (!_onItsWay.TryDequeue(out piece))
                    Monitor.Wait(_gate);
                Monitor.PulseAll(_gate);
            }
            LibC.SleepUntil(piece.Due);
            PassOn(piece);
            ArrayPool<byte>.Shared.Return(piece.Bytes);
            if (piece.Count == 0)
                return;
        }
    }

    // A connection that broke ends here, and its end is passed on like any other.
    private int Receive(byte[] bytes)
    {
        try
        {
            return _from.Receive(bytes);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    // When nobody takes it, the reader soon reads an end from the connection that is broken here.
    private void PassOn(Piece piece)
    {
        try
        {
            if (piece.Count == 0)
                _to.Shutdown(SocketShutdown.Send);
            for (var sent = 0; sent < piece.Count;)
                sent += _to.Send(piece.Bytes, sent, piece.Count - sent, SocketFlags.None);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            Break();
        }
    }
}
