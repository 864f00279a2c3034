namespace ActorSock.Cli.Commands.Storing;

/// <summary>The standard output, as bytes. A write fails when nobody reads it any more, which .NET's own stream does not notice.</summary>
internal sealed class StandardOutput : Stream
{
    private readonly Stream _output = Console.OpenStandardOutput();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        _output.Write(buffer, offset, count);
        if (Results.IsPipeBroken()) throw new IOException("nobody reads the output any more");
    }

    public override void Flush() => _output.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _output.Dispose();
        base.Dispose(disposing);
    }
}
