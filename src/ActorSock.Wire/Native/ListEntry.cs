namespace ActorSock.Wire.Native;

/// <summary>Says one thing of a list: a file, or a folder that stands for all files in it.</summary>
public readonly record struct ListEntry
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
}
