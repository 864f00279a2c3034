using ActorSock.Client.Native;

namespace ActorSock.Client.Tests.Native;

/// <summary>What tests of the client need.</summary>
internal static class Clients
{
    /// <summary>A client that does not pause between attempts, and never waits for long in vain.</summary>
    public static NodeClient Of(PaperNode node, Func<NodeOptions, NodeOptions>? change = null) => Of(node.Address, change);

    public static NodeClient Of(string address, Func<NodeOptions, NodeOptions>? change = null) =>
        new(address, (change ?? (same => same))(new NodeOptions
        {
            Retry = new RetryOptions { AttemptsMax = 4, DelayFirst = TimeSpan.Zero, DelayMax = TimeSpan.Zero },
            ReplyLimit = TimeSpan.FromSeconds(30),
            Clock = new ClockAhead(),
            ReadsInPlace = true,
        }));

    /// <summary>Bytes that repeat late, the same each time.</summary>
    public static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    public static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<T> items)
    {
        var all = new List<T>();
        await foreach (var item in items) all.Add(item);
        return all;
    }
}

/// <summary>A clock that is an hour ahead: when a file was changed cannot be set back, and to it that is long ago.</summary>
internal sealed class ClockAhead : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromHours(1);
}

/// <summary>A clock whose timers run out a hundred times as fast.</summary>
internal sealed class ClockInHaste : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 100 : dueTime, period);
}

/// <summary>A stream that can only be read, a few bytes at a time.</summary>
internal sealed class PipeStream(byte[] content) : Stream
{
    private int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = Math.Min(Math.Min(buffer.Length, 4093), content.Length - _at);
        content.AsSpan(_at, count).CopyTo(buffer.Span);
        _at += count;
        return ValueTask.FromResult(count);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("actorsock-client-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, byte[] content)
    {
        var path = At(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Compares bytes as bytes: the comparison of lists looks at each as a thing of its own, which takes seconds.</summary>
internal static class BytesShould
{
    public static void ShouldBeBytes(this byte[] actual, byte[] expected)
    {
        var same = actual.AsSpan().CommonPrefixLength(expected);
        if (same < actual.Length || same < expected.Length)
            throw new ShouldAssertException($"{actual.Length} bytes should be {expected.Length}, and differ from byte {same} on");
    }
}
