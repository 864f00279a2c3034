using System.Buffers;
using System.Text.Json;
using ActorSock.Events;
using ActorSock.Settings;

namespace ActorSock.Conversations;

/// <summary>The lines of the log for one who follows it, between those who publish events and the socket: what is not taken in
/// time is dropped and counted.</summary>
/// <remarks>
/// Events come on the feed's thread, which only puts them down; lines are made of them by whoever takes, one thread at a time. Until
/// then only as much is held as was allowed.
/// </remarks>
internal sealed class LogStream : IObserver<ServerEvent>
{
    /// <summary>Events in a row before other actors get their turn, whether anybody wants them or not.</summary>
    private const int EventsInARowMax = 256;

    private readonly LogQuestion _question;
    private readonly long _bytesMax;
    private readonly Action _wake;
    private readonly EventLines _lines;
    private readonly Lock _lock = new();
    private readonly Queue<(ServerEvent? Event, long Dropped)> _waiting = [];
    private long _bytes, _dropped;
    private bool _isAwaited = true;

    /// <param name="question">what is wanted</param>
    /// <param name="settings">the node's</param>
    /// <param name="wake">tells whoever takes that there is something, after it has found nothing</param>
    public LogStream(LogQuestion question, NodeSettings settings, Action wake)
    {
        (_question, _bytesMax, _wake) = (question, settings.Admin.LogStreamBytesMax, wake);
        _lines = new EventLines(question.Filter, settings.Logging);
    }

    public void OnNext(ServerEvent e)
    {
        if (!_lines.HasDetails && EventWeight.IsDetail(e))
            return;
        lock (_lock)
        {
            var bytes = EventWeight.Of(e);
            if (_bytes + bytes > _bytesMax)
            {
                _dropped++;
                return;
            }
            if (_dropped > 0)
                _waiting.Enqueue((null, _dropped));
            _dropped = 0;
            _waiting.Enqueue((e, 0));
            _bytes += bytes;
            if (!_isAwaited)
                return;
            _isAwaited = false;
        }
        _wake();
    }

    // The drain, which comes before, has ended the stream.
    public void OnCompleted()
    {
    }

    public void OnError(Exception error) => throw new InvalidOperationException("events do not fail", error);

    /// <summary>The lines of what happened before, as many as the question asks for.</summary>
    public byte[] Before(IReadOnlyList<ServerEvent> events)
    {
        var lines = events.SelectMany(_lines.Of);
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var line in _question.Last is { } last ? lines.TakeLast(last) : lines)
            bytes.Write(line);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Lines of what waits, about so many bytes of it. When that is all, somebody is woken when more comes.</summary>
    public (byte[] Lines, bool IsAll) Take(int enoughBytes)
    {
        var bytes = new ArrayBufferWriter<byte>();
        for (var events = 0; bytes.WrittenCount < enoughBytes && (events < EventsInARowMax || enoughBytes == int.MaxValue); events++)
        {
            if (!TryTake(out var happened, out var dropped))
                return (bytes.WrittenSpan.ToArray(), IsAll: true);
            if (happened is null)
                bytes.Write(Line(new LogRemark(dropped, null)));
            else
                foreach (var line in _lines.Of(happened))
                    bytes.Write(line);
        }
        return (bytes.WrittenSpan.ToArray(), IsAll: false);
    }

    private bool TryTake(out ServerEvent? happened, out long dropped)
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out var next))
            {
                (happened, dropped) = next;
                _bytes -= happened is null ? 0 : EventWeight.Of(happened);
                return true;
            }
            (happened, dropped, _dropped) = (null, _dropped, 0);
            _isAwaited = dropped == 0;
            return dropped > 0;
        }
    }

    /// <summary>A remark as a line, with its end.</summary>
    public static byte[] Line(LogRemark remark) => [.. JsonSerializer.SerializeToUtf8Bytes(remark, AdminJson.Default.LogRemark), (byte)'\n'];
}
