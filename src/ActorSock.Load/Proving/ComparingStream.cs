using ActorSock.Load.Bodies;

namespace ActorSock.Load.Proving;

/// <summary>Compares what is written to it with what a file should be, and keeps nothing.</summary>
internal sealed class ComparingStream(FileBodies bodies, TestFile file) : Stream
{
    private long _at;
    private bool _differs;

    /// <summary>Whether all of the file was written, and nothing else.</summary>
    public bool IsSame => !_differs && _at == file.Size;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _at;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _differs |= _at + buffer.Length > file.Size || !bodies.IsThere(file, _at, buffer);
        _at += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
