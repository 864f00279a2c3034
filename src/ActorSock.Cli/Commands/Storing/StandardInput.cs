namespace ActorSock.Cli.Commands.Storing;

/// <summary>The standard input, as bytes, whose reader can be interrupted.</summary>
/// <remarks>The system's read ends when something comes, and not when nobody waits for it any more: it is left alone then, with a
/// buffer that is its own.</remarks>
internal sealed class StandardInput : Stream
{
    private readonly Stream _input = Console.OpenStandardInput();
    private byte[] _buffer = [];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_buffer.Length < buffer.Length) _buffer = new byte[buffer.Length];
        var (mine, count) = (_buffer, buffer.Length);
        var got = await Task.Run(() => _input.Read(mine, 0, count), CancellationToken.None).WaitAsync(cancellationToken);
        mine.AsSpan(0, got).CopyTo(buffer.Span);
        return got;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, count);

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
