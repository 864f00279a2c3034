using System.Text;
using ActorSock.Digests;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Lanes;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>Lays out what <see cref="UploadState"/> keeps.</summary>
internal static class UploadFormat
{
    private const byte NoKind = 0xFF;

    private enum Step : byte
    {
        Growing = 1,
        Sealed = 2,
        Stored = 3,
    }

    public static byte[] BytesOf(Action<BinaryWriter> write)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory, Encoding.UTF8);
        write(writer);
        return memory.ToArray();
    }

    /// <summary>Reads what was written by another version, or by nobody, without harm: then false.</summary>
    public static bool TryRead<T>(ReadOnlyMemory<byte>? bytes, Func<BinaryReader, T> read, out T value)
    {
        value = default!;
        if (bytes is not { } whole)
            return false;
        try
        {
            using var reader = new BinaryReader(new MemoryStream(whole.ToArray()), Encoding.UTF8);
            value = read(reader);
            return true;
        }
        catch (Exception e) when (e is FormatException or IOException or ArgumentException)
        {
            return false;
        }
    }

    public static void WriteHead(BinaryWriter writer, byte version, UploadKey key, UploadTerms terms)
    {
        writer.Write("ASUP"u8);
        writer.Write(version);
        writer.Write(key.Client);
        writer.Write(key.Upload);
        writer.Write(terms.Name.Value);
        writer.Write(terms.Size ?? -1);
        writer.Write(terms.Kind is { } kind ? (byte)kind : NoKind);
        writer.Write(terms.InParts);
    }

    public static (UploadKey Key, UploadTerms Terms) ReadHead(BinaryReader reader, byte version)
    {
        if (!reader.ReadBytes(4).AsSpan().SequenceEqual("ASUP"u8) || reader.ReadByte() != version)
            throw new FormatException("of another version");
        var key = new UploadKey(reader.ReadString(), reader.ReadString());
        var name = ReadName(reader);
        var size = reader.ReadInt64();
        var kind = reader.ReadByte();
        return (key, new UploadTerms(name, size < 0 ? null : size, kind == NoKind ? null : KindOf(kind), reader.ReadBoolean()));
    }

    public static void WriteProgress(BinaryWriter writer, long turn, UploadProgress progress)
    {
        writer.Write(turn);
        switch (progress)
        {
            case UploadProgress.Growing growing:
                writer.Write((byte)Step.Growing);
                WriteState(writer, growing.State);
                break;
            case UploadProgress.Sealed all:
                writer.Write((byte)Step.Sealed);
                writer.Write(all.Size);
                writer.Write(all.State is not null);
                if (all.State is { } state)
                    WriteState(writer, state);
                WriteDigests(writer, all.Md5, all.Sha256);
                break;
            case UploadProgress.Stored { Upload: var stored }:
                writer.Write((byte)Step.Stored);
                writer.Write(stored.Name.Value);
                writer.Write(stored.Size);
                WriteDigests(writer, stored.Md5, stored.Sha256);
                writer.Write(stored.Receipt?.Sequence ?? 0);
                writer.Write($"{stored.Receipt?.Hash}");
                break;
        }
    }

    public static (long Turn, UploadProgress? Progress) ReadProgress(BinaryReader reader)
    {
        var turn = reader.ReadInt64();
        switch ((Step)reader.ReadByte())
        {
            case Step.Growing:
                return (turn, new UploadProgress.Growing(ReadState(reader)));
            case Step.Sealed:
                var size = reader.ReadInt64();
                var state = reader.ReadBoolean() ? ReadState(reader) : null;
                var (md5, sha256) = ReadDigests(reader);
                return (turn, new UploadProgress.Sealed(size, state, md5, sha256));
            case Step.Stored:
                var name = ReadName(reader);
                var bytes = reader.ReadInt64();
                var (storedMd5, storedSha256) = ReadDigests(reader);
                var sequence = reader.ReadInt64();
                JournalReceipt? receipt = RecordHash.TryParse(Encoding.ASCII.GetBytes(reader.ReadString()), out var hash)
                    ? new JournalReceipt(sequence, hash)
                    : null;
                return (turn, new UploadProgress.Stored(new StoredUpload(name, bytes, storedMd5, storedSha256, receipt)));
            default:
                throw new FormatException("no such step");
        }
    }

    public static void WritePart(BinaryWriter writer, KeptPart part)
    {
        writer.Write(part.Entry.OffsetBytes);
        writer.Write(part.Entry.SizeBytes);
        WriteDigests(writer, part.Md5, part.Entry.Digest.Kind == DigestKind.Sha256 ? part.Entry.Digest : null);
    }

    public static KeptPart ReadPart(BinaryReader reader)
    {
        var (offset, size) = (reader.ReadInt64(), reader.ReadInt64());
        var (md5, sha256) = ReadDigests(reader);
        if (md5 is not { } known || offset < 0 || size < 0)
            throw new FormatException("no part");
        return new KeptPart(new PartEntry(offset, size, sha256 ?? ContentDigest.From(known)), known);
    }

    private static void WriteState(BinaryWriter writer, DigestState state)
    {
        writer.Write(state.Md5);
        writer.Write(!state.Sha256.IsEmpty);
        writer.Write(state.Sha256);
    }

    private static DigestState ReadState(BinaryReader reader)
    {
        var md5 = Exactly(reader, Md5Stream.StateBytes);
        return DigestState.Parse(md5, reader.ReadBoolean() ? Exactly(reader, Sha256Stream.StateBytes) : []);
    }

    private static void WriteDigests(BinaryWriter writer, Md5Digest? md5, ContentDigest? sha256)
    {
        Span<byte> bytes = stackalloc byte[ContentDigest.BytesMax];
        foreach (var (digest, length) in ((ContentDigest?, int)[])
            [(md5 is { } known ? ContentDigest.From(known) : null, Md5Digest.BytesCount), (sha256, ContentDigest.BytesMax)])
        {
            writer.Write(digest is not null);
            digest?.WriteBytes(bytes);
            if (digest is not null)
                writer.Write(bytes[..length]);
        }
    }

    private static (Md5Digest? Md5, ContentDigest? Sha256) ReadDigests(BinaryReader reader)
    {
        Md5Digest? md5 = reader.ReadBoolean() ? Md5Digest.FromBytes(Exactly(reader, Md5Digest.BytesCount)) : null;
        ContentDigest? sha256 = reader.ReadBoolean()
            ? ContentDigest.FromBytes(DigestKind.Sha256, Exactly(reader, ContentDigest.BytesMax))
            : null;
        return (md5, sha256);
    }

    private static FileName ReadName(BinaryReader reader)
    {
        const int anyLength = int.MaxValue / 8; // it was confined when it came, by the settings of then
        return FileName.TryConfine(reader.ReadString(), anyLength, out var name, out var why) ? name : throw new FormatException(why);
    }

    private static DigestKind KindOf(byte kind) =>
        Enum.IsDefined((DigestKind)kind) ? (DigestKind)kind : throw new FormatException("no such digest");

    private static byte[] Exactly(BinaryReader reader, int count) =>
        reader.ReadBytes(count) is var bytes && bytes.Length == count ? bytes : throw new FormatException("it ends too early");
}
