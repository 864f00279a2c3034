using System.Buffers;
using System.Text.Json;

namespace ActorSock.Wire.Native;

/// <summary>Says one thing of a list: a file, or a folder that stands for all files in it.</summary>
public sealed record ListEntry
{
    private ListEntry(string name, bool isFolder, long sizeBytes, DateTimeOffset modified, Md5Digest? md5) =>
        (Name, IsFolder, SizeBytes, Modified, Md5) = (name, isFolder, sizeBytes, modified, md5);

    /// <summary>The whole name from the client's folder on; that of a folder ends with <c>/</c>.</summary>
    public string Name { get; }

    /// <summary>Whether it stands for all files in a folder; then the rest says nothing.</summary>
    public bool IsFolder { get; }

    /// <summary>Bytes of the file.</summary>
    public long SizeBytes { get; }

    /// <summary>When the file was last written, in UTC.</summary>
    public DateTimeOffset Modified { get; }

    /// <summary>The digest of the file; null when it is not known without reading.</summary>
    public Md5Digest? Md5 { get; }

    /// <summary>A file.</summary>
    public static ListEntry File(string name, long sizeBytes, DateTimeOffset modified, Md5Digest? md5) =>
        new(name, isFolder: false, sizeBytes, modified.ToUniversalTime(), md5);

    /// <summary>A folder.</summary>
    /// <param name="name">With <c>/</c> at its end.</param>
    public static ListEntry Folder(string name) => new(name, isFolder: true, 0, default, null);

    /// <summary>Writes the entry as a line of a list, its line feed included.</summary>
    public void WriteLine(IBufferWriter<byte> destination) =>
        FrameWriter.Line(destination, this, static (json, entry) => entry.Write(json));

    /// <summary>Reads a line of a list.</summary>
    /// <param name="line">Without its line feed.</param>
    /// <param name="entry">What it says, when true.</param>
    /// <param name="why">What is wrong with it, when false.</param>
    public static bool TryReadLine(ReadOnlySpan<byte> line, out ListEntry entry, out string why)
    {
        Span<Range> room = stackalloc Range[NativeKeys.Table.Count];
        var fields = FieldReader.Of(line, NativeKeys.Table, room);
        entry = fields.Has(NativeKeys.Folder) ? Folder(fields.Text(NativeKeys.Folder)) : ReadFile(ref fields);
        why = fields.Refusal?.ToString() ?? "";
        return fields.Refusal is null;
    }

    private static ListEntry ReadFile(ref FieldReader fields)
    {
        var (size, modified) = (fields.WholeNeeded(NativeKeys.Size), fields.Time(NativeKeys.Modified));
        if (modified is null) fields.Refuse(Rejection.FieldMissing, "it has no modified");
        return File(fields.Text(NativeKeys.Name), size, modified ?? default, fields.Digest(DigestKind.Md5)?.AsMd5);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.Field(IsFolder ? NativeKeys.Folder : NativeKeys.Name, Name);
        if (IsFolder) return;
        json.Field(NativeKeys.Size, SizeBytes);
        json.Field(NativeKeys.Modified, Modified);
        // Said also when it is not known: who reads lines by the thousand need not ask each whether it is there.
        if (Md5 is null) json.WriteNull(NativeKeys.Md5.Encoded);
        json.Field(Md5);
    }
}
