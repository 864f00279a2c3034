using System.Buffers.Binary;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Lanes;
using ActorSock.Wire;
using ActorSock.Wire.Native;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Uploads;

/// <summary>The file beside a part file that says what the upload is and how far it has come.</summary>
/// <remarks>
/// Three regions of 8 KiB: what the upload is, which is written once; and two in turn for how far it has come, so that one that is torn
/// leaves the one before. Behind them 128 bytes for each part. Everything has a checksum of its own, which knows its place.
/// Blocking calls, one caller at a time.
/// </remarks>
internal sealed class UploadState : IDisposable
{
    private const int RegionBytes = 8 * 1024;
    private const int PartsAt = 3 * RegionBytes;
    private const int PartBytes = 128;
    private const byte Version = 1;

    private readonly SafeFileHandle _file;
    private readonly string _what;
    private long _turn; // rises with each writing of how far it has come
    private int _partsCount;

    private UploadState(SafeFileHandle file, UploadKey key, UploadTerms terms, UploadProgress progress)
    {
        (_file, Key, Terms, Progress) = (file, key, terms, progress);
        _what = $"cannot keep the upload of '{terms.Name}'";
    }

    public UploadKey Key { get; }

    public UploadTerms Terms { get; }

    public UploadProgress Progress { get; private set; }

    /// <summary>Writes a new one; the file, which is empty, belongs to it.</summary>
    /// <exception cref="StorageException">There is no room.</exception>
    public static UploadState Create(SafeFileHandle file, UploadKey key, UploadTerms terms)
    {
        var state = new UploadState(file, key, terms, new UploadProgress.Growing(DigestState.Empty(terms.Kind ?? DigestKind.Md5)));
        try
        {
            state.Write(0, Framed(RegionBytes, 0, writer => UploadFormat.WriteHead(writer, Version, key, terms)));
            state.Keep(state.Progress);
            state.Keep(state.Progress); // both have their place on the disk: it is not when it gets full that there is none
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <summary>Reads one; null, and the file closed, when it is torn or of a version that is not known.</summary>
    /// <exception cref="StorageException">The disk reports an error.</exception>
    public static UploadState? Open(SafeFileHandle file)
    {
        UploadState? state = null;
        try
        {
            var read = new byte[RegionBytes];
            if (Read(file, read, 0) && UploadFormat.TryRead(Unframed(read, 0), reader => UploadFormat.ReadHead(reader, Version), out var head))
            {
                var last = default((long Turn, UploadProgress? Progress));
                foreach (var at in (int[])[RegionBytes, 2 * RegionBytes])
                {
                    if (Read(file, read, at) && UploadFormat.TryRead(Unframed(read, at), UploadFormat.ReadProgress, out var found) && found.Turn > last.Turn)
                        last = found;
                }
                if (last.Progress is { } progress)
                    state = new UploadState(file, head.Key, head.Terms, progress) { _turn = last.Turn };
            }
            return state;
        }
        finally
        {
            if (state is null)
                file.Dispose();
        }
    }

    /// <summary>Keeps how far it has come. What it says of the part file must be durable.</summary>
    /// <exception cref="StorageException">The disk refuses; what was kept before still is.</exception>
    public void Keep(UploadProgress progress)
    {
        var turn = _turn + 1;
        var at = turn % 2 == 0 ? RegionBytes : 2 * RegionBytes;
        Write(at, Framed(RegionBytes, at, writer => UploadFormat.WriteProgress(writer, turn, progress)));
        (_turn, Progress) = (turn, progress);
    }

    /// <summary>Whether it can be kept: names may be longer than there is room for.</summary>
    public static bool HasRoomFor(UploadProgress progress) =>
        UploadFormat.BytesOf(writer => UploadFormat.WriteProgress(writer, 0, progress)).Length <= RegionBytes - FrameBytes;

    /// <summary>The parts that are kept, in the order in which they came; what is torn is none.</summary>
    public IReadOnlyList<KeptPart> ReadParts()
    {
        var parts = new List<KeptPart>();
        var read = new byte[PartBytes];
        for (_partsCount = 0; Read(_file, read, PartAt(_partsCount)); _partsCount++)
        {
            if (UploadFormat.TryRead(Unframed(read, PartAt(_partsCount)), UploadFormat.ReadPart, out var part))
                parts.Add(part);
        }
        return parts;
    }

    /// <summary>Keeps one more part, whose bytes must be durable; it is, too, on return.</summary>
    /// <param name="index">how many places have been used</param>
    /// <param name="part">the part</param>
    public void KeepPart(int index, KeptPart part)
    {
        Write(PartAt(index), Framed(PartBytes, PartAt(index), writer => UploadFormat.WritePart(writer, part)));
        Sync();
    }

    /// <summary>How many places for parts have been used, torn ones included; known when they were read.</summary>
    public int PartsCount => _partsCount;

    /// <summary>Makes durable what was kept.</summary>
    public void Sync() => SystemWords.Try(_what, () =>
    {
        OwnFile.Sync(_file, _what);
        return true;
    });

    public void Dispose() => _file.Dispose();

    private const int FrameBytes = sizeof(ulong) + sizeof(int);

    private static long PartAt(int index) => PartsAt + (long)PartBytes * index;

    private void Write(long at, byte[] bytes) => SystemWords.Try(_what, () =>
    {
        RandomAccess.Write(_file, bytes, at);
        return true;
    });

    /// <summary>False when the file ends before.</summary>
    private static bool Read(SafeFileHandle file, byte[] bytes, long at) => SystemWords.Try("cannot read what is kept of an upload", () =>
    {
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), at + read) is var got and > 0)
            read += got;
        return read == bytes.Length;
    });

    /// <summary>In front of the bytes a checksum of them and of their place, and how many they are.</summary>
    private static byte[] Framed(int bytes, long at, Action<BinaryWriter> write)
    {
        var said = UploadFormat.BytesOf(write);
        var framed = new byte[bytes];
        BinaryPrimitives.WriteInt32LittleEndian(framed.AsSpan(sizeof(ulong)), said.Length);
        said.CopyTo(framed.AsSpan(FrameBytes));
        BinaryPrimitives.WriteUInt64LittleEndian(framed, ChecksumOf(framed, at));
        return framed;
    }

    private static ReadOnlyMemory<byte>? Unframed(byte[] framed, long at)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(framed.AsSpan(sizeof(ulong)));
        var whole = length >= 0 && length <= framed.Length - FrameBytes
            && BinaryPrimitives.ReadUInt64LittleEndian(framed) == ChecksumOf(framed, at);
        return whole ? framed.AsMemory(FrameBytes, length) : null;
    }

    private static ulong ChecksumOf(byte[] framed, long at)
    {
        var copy = framed.AsSpan().ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(copy, at);
        return Checksum.Of(copy);
    }
}

/// <summary>A part that is kept.</summary>
/// <param name="Entry">as the client knows it</param>
/// <param name="Md5">its digest, also when the client has named the other one</param>
internal readonly record struct KeptPart(PartEntry Entry, Md5Digest Md5);
