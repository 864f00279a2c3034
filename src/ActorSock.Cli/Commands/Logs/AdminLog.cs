using System.Buffers;
using System.Net.Sockets;
using System.Reactive.Linq;
using System.Text;
using System.Text.Json;
using ActorSock.Conversations;
using ActorSock.Logging;
using ActorSock.Settings;
using ActorSock.Wire;
using Serilog.Events;

namespace ActorSock.Cli.Commands.Logs;

/// <summary>The log of a running node, asked for over its admin socket.</summary>
internal sealed class AdminLog(Endpoint endpoint, LogQuestion question)
{
    /// <summary>No node says a longer line.</summary>
    private const int LineBytesMax = 16 << 20;

    /// <summary>Why the node has ended the stream; null when it is just gone.</summary>
    public string? End { get; private set; }

    /// <summary>What the node said instead of its log.</summary>
    public string? Refusal { get; private set; }

    /// <summary>What comes, until the node ends it or is gone. It fails with a <see cref="SocketException"/> when there is none.</summary>
    public IObservable<LogBatch> Lines => Observable.Create<LogBatch>(async (observer, cancelled) =>
    {
        var address = endpoint.Resolve();
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(address, cancelled);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(question + "\n"), cancelled);
        var unfinished = new ArrayBufferWriter<byte>();
        while (End is null && Refusal is null && unfinished.WrittenCount < LineBytesMax)
        {
            if (await Read(stream, unfinished, cancelled) == 0)
                break;
            observer.OnNext(new LogBatch(Whole(unfinished), IsAtEnd: socket.Available == 0));
        }
        if (TakeLast(unfinished.WrittenSpan) is { } last)
            observer.OnNext(new LogBatch([last], IsAtEnd: true));
        observer.OnCompleted();
    });

    private static async Task<int> Read(NetworkStream stream, ArrayBufferWriter<byte> into, CancellationToken cancelled)
    {
        try
        {
            var read = await stream.ReadAsync(into.GetMemory(64 << 10), cancelled);
            into.Advance(read);
            return read;
        }
        catch (IOException e) when (e.InnerException is SocketException)
        {
            return 0; // it is gone without a word: that is told by the end that did not come
        }
    }

    private List<LogLine> Whole(ArrayBufferWriter<byte> bytes)
    {
        var lines = new List<LogLine>();
        var left = bytes.WrittenSpan;
        for (int end; (end = left.IndexOf((byte)'\n')) >= 0; left = left[(end + 1)..])
            if (Take(left[..end]) is { } line)
                lines.Add(line);
        var rest = left.ToArray();
        bytes.ResetWrittenCount();
        bytes.Write(rest);
        return lines;
    }

    /// <summary>What has no end of a line: a refusal, a line that was whole but for its end, or what was written of one when the node
    /// died, which nobody can read.</summary>
    private LogLine? TakeLast(ReadOnlySpan<byte> utf8) =>
        utf8 is [(byte)'{', ..] && !IsWhole(utf8) ? null : Take(utf8);

    private static bool IsWhole(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            return reader.Read() && reader.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private LogLine? Take(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return null;
        if (JsonLogLine.Parse(utf8) is { } line)
            return line;
        var json = Encoding.UTF8.GetString(utf8);
        switch (RemarkIn(json))
        {
            case { Dropped: { } dropped }:
                return new LogLine
                {
                    Level = LogEventLevel.Warning,
                    Message = $"--- {dropped} events are missing here: they happened faster than they were read ---",
                    Json = json,
                };
            case { End: { } end }:
                End = end;
                return null;
            default:
                Refusal = RefusalIn(json);
                return null;
        }
    }

    private static LogRemark? RemarkIn(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, AdminJson.Default.LogRemark);
        }
        catch (JsonException)
        {
            return null; // something else, which is told as it is
        }
    }

    private static string RefusalIn(string said)
    {
        try
        {
            if (JsonSerializer.Deserialize(said, AdminJson.Default.AdminError) is { Error: { } error })
                return Escaping.Printable(error);
        }
        catch (JsonException)
        {
            // It is no node that speaks here, or one of another version.
        }
        return $"it is no log that it tells: it said {Escaping.Printable(said.AsSpan(), 200)}";
    }
}
