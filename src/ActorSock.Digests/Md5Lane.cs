namespace ActorSock.Digests;

/// <summary>Names a stream and the bytes that come next in it.</summary>
/// <param name="stream">The stream; at most one lane of a call may name it.</param>
/// <param name="bytes">The next bytes, any number, in managed or native memory. They must not change during
/// the call.</param>
public readonly struct Md5Lane(Md5Stream stream, ReadOnlyMemory<byte> bytes)
{
    /// <summary>The stream that <see cref="Bytes"/> are appended to.</summary>
    public Md5Stream Stream { get; } = stream;

    /// <summary>The bytes that come next in <see cref="Stream"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;
}
