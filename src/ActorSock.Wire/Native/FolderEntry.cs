using System.Buffers;

namespace ActorSock.Wire.Native;

/// <summary>Says of a folder what is in it, without what is in the folders in it.</summary>
/// <param name="Name">From the client's folder on, with <c>/</c> at its end; empty for the uppermost.</param>
/// <param name="Files">How many files; at least one.</param>
/// <param name="SizeBytes">What they have together.</param>
/// <param name="Digest">What <see cref="FolderDigest"/> makes of them; null when the digest of one of them is not known without reading it.</param>
public sealed record FolderEntry(string Name, long Files, long SizeBytes, ContentDigest? Digest)
{
    /// <summary>Writes the entry as a line, its line feed included.</summary>
    public void WriteLine(IBufferWriter<byte> destination) => FrameWriter.Line(destination, this, static (json, folder) =>
    {
        json.Field(NativeKeys.Folder, folder.Name);
        json.Field(NativeKeys.Files, folder.Files);
        json.Field(NativeKeys.Size, folder.SizeBytes);
        if (folder.Digest is null) json.WriteNull(NativeKeys.Sha256.Encoded);
        json.Field(folder.Digest);
    });

    /// <summary>Reads a line.</summary>
    /// <param name="line">Without its line feed.</param>
    /// <param name="folder">What it says, when true.</param>
    /// <param name="why">What is wrong with it, when false.</param>
    public static bool TryReadLine(ReadOnlySpan<byte> line, out FolderEntry folder, out string why)
    {
        Span<Range> room = stackalloc Range[NativeKeys.Table.Count];
        var fields = FieldReader.Of(line, NativeKeys.Table, room);
        folder = new FolderEntry(
            fields.Text(NativeKeys.Folder), fields.WholeNeeded(NativeKeys.Files), fields.WholeNeeded(NativeKeys.Size),
            fields.Digest(DigestKind.Sha256));
        why = fields.Refusal?.ToString() ?? "";
        return fields.Refusal is null;
    }
}
