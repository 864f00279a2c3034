using ActorSock.Wire.Native;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Client.Native;

/// <summary>Where the bytes of an upload come from.</summary>
/// <remarks>A file that is read to its end must be at the last byte what it was before the first: else what was read is neither of two
/// versions. This is seen before the last block is handed out, so that nothing of the kind is ever stored.</remarks>
/// <param name="stream">Read from where it stands.</param>
/// <param name="size">Bytes of the upload; null for all to the end, of which nobody may know where it is.</param>
internal sealed class UploadSource(Stream stream, long? size)
{
    // A class of somebody else's may read something else than what is in its file.
    private readonly FileStream? _file = stream.GetType() == typeof(FileStream) && stream.CanSeek ? (FileStream)stream : null;
    private FileStamp? _stamp = size is null && stream is FileStream file ? FileStamp.Of(file.SafeFileHandle) : null;
    private long _position;

    /// <summary>Where in the stream the upload begins.</summary>
    public long Origin { get; } = stream.CanSeek ? stream.Position : 0;

    /// <summary>Bytes of the upload; null when nobody knows before the end.</summary>
    public long? Size { get; private set; } = size ?? SizeOf(stream);

    /// <summary>The open file below it; null when it is no file.</summary>
    public SafeFileHandle? File => _file?.SafeFileHandle;

    /// <summary>Whether it can be read twice.</summary>
    public bool CanSeek => stream.CanSeek;

    /// <summary>Whether it can be read from there on.</summary>
    public bool CanGoTo(long offset) => stream.CanSeek || offset == _position;

    /// <summary>Goes to a place from where it is read on.</summary>
    public void GoTo(long offset)
    {
        if (stream.CanSeek) stream.Position = Origin + offset;
        _position = offset;
    }

    /// <summary>Shows so many bytes from there on where the system keeps them, if that is possible.</summary>
    /// <returns>Null for what is no file, and for a single block: the last is read in any case.</returns>
    public FileView? View(long offset, long bytes, int blockBytes) =>
        bytes > blockBytes && File is { } file ? new FileView(FileLease.Of(file), Origin + offset, bytes, blockBytes) : null;

    /// <summary>Fills a block as far as there are bytes from there on.</summary>
    public ValueTask<int> FillAsync(long offset, Memory<byte> block, CancellationToken cancel)
    {
        if (offset != _position) GoTo(offset);
        return FillAsync(block, cancel);
    }

    /// <summary>Fills a block as far as there are bytes.</summary>
    public async ValueTask<int> FillAsync(Memory<byte> block, CancellationToken cancel)
    {
        var filled = 0;
        while (filled < block.Length && await ReadAsync(block[filled..], cancel) is > 0 and var more) filled += more;
        _position += filled;
        if (filled < block.Length || _position == Size) ThrowIfChanged();
        return filled;
    }

    // To read a file without waiting is to let another thread of the pool wait: this one may as well, and is there when it is done.
    private ValueTask<int> ReadAsync(Memory<byte> block, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return _file is not null ? ValueTask.FromResult(_file.Read(block.Span)) : stream.ReadAsync(block, cancel);
    }

    /// <summary>Whether it is a file, and not any more what it was when the upload began.</summary>
    public bool HasChanged => _stamp is not null && FileStamp.Of(((FileStream)stream).SafeFileHandle) != _stamp;

    /// <summary>To be called when all has been read.</summary>
    /// <exception cref="SourceChangedException">It is not what it was.</exception>
    public void ThrowIfChanged()
    {
        if (HasChanged) throw new SourceChangedException();
    }

    /// <summary>Takes it for what it is now.</summary>
    public void BeginAnew()
    {
        GoTo(0);
        Size = SizeOf(stream);
        _stamp = FileStamp.Of(((FileStream)stream).SafeFileHandle);
    }

    // What the system makes up as it is read, as below /proc, has no length.
    private static long? SizeOf(Stream stream) =>
        !stream.CanSeek || (stream is FileStream && stream.Length == 0) ? null : Math.Max(0, stream.Length - stream.Position);

    /// <summary>Digests the bytes before <paramref name="end"/>, and stands there then.</summary>
    /// <exception cref="EndOfStreamException">There are not as many.</exception>
    public async Task<BodyDigest> DigestAsync(DigestKind kind, long end, int blockBytes, CancellationToken cancel)
    {
        var digest = new BodyDigest(kind);
        try
        {
            GoTo(0);
            var read = await digest.AppendAllAsync(FillAsync, end, blockBytes, cancel);
            return read == end ? digest : throw Short(read, end);
        }
        catch
        {
            digest.Dispose();
            throw;
        }
    }

    public static EndOfStreamException Short(long read, long size) =>
        new($"the body ended after {read} of {size} bytes");
}

/// <summary>A file was written while it was sent.</summary>
internal sealed class SourceChangedException(Exception? seenBy = null) : IOException("it changed while it was sent", seenBy);
