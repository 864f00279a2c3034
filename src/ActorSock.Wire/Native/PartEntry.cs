using System.Buffers;

namespace ActorSock.Wire.Native;

/// <summary>Says which part of an upload the server has.</summary>
/// <param name="OffsetBytes">Where in the file it begins.</param>
/// <param name="SizeBytes">How long it is.</param>
/// <param name="Digest">Its digest, as it was verified.</param>
public readonly record struct PartEntry(long OffsetBytes, long SizeBytes, ContentDigest Digest)
{
    /// <summary>Writes the entry as a line, its line feed included.</summary>
    public void WriteLine(IBufferWriter<byte> destination) => FrameWriter.Line(destination, this, static (json, part) =>
    {
        json.Field(NativeKeys.Offset, part.OffsetBytes);
        json.Field(NativeKeys.Size, part.SizeBytes);
        json.Field(part.Digest);
    });

    /// <summary>Reads a line.</summary>
    /// <param name="line">Without its line feed.</param>
    /// <param name="part">What it says, when true.</param>
    /// <param name="why">What is wrong with it, when false.</param>
    public static bool TryReadLine(ReadOnlySpan<byte> line, out PartEntry part, out string why)
    {
        Span<Range> room = stackalloc Range[NativeKeys.Table.Count];
        var fields = FieldReader.Of(line, NativeKeys.Table, room);
        var digest = fields.DigestKind() is { } kind ? fields.Digest(kind) : null;
        if (digest is null) fields.Refuse(Rejection.FieldMissing, "it has no digest");
        part = new PartEntry(
            fields.WholeNeeded(NativeKeys.Offset), fields.WholeNeeded(NativeKeys.Size), digest ?? default);
        why = fields.Refusal?.ToString() ?? "";
        return fields.Refusal is null;
    }
}
