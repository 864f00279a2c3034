using ActorSock.Settings;

namespace ActorSock.Files;

/// <summary>Grows one part file and makes it durable, or nothing.</summary>
internal sealed class IncomingFile : IIncomingFile
{
    private enum Stage { Growing, Broken, Sealed, Abandoned }

    private readonly FileRoot _root;
    private readonly IPart _part;
    private readonly string _partName;
    private readonly FilesSettings _settings;
    private readonly SpaceAhead _space;
    private Stage _stage;

    public IncomingFile(
        FileRoot root, IPart part, string partName, FileName name, long? size, FilesSettings settings)
    {
        (_root, _part, _partName, _settings) = (root, part, partName, settings);
        _space = new SpaceAhead(root, part, name, settings, start: 0, size);
        Name = name;
    }

    public FileName Name { get; }

    public long BytesWritten { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Begin();
        _space.Take(BytesWritten, BytesWritten + bytes.Length);
        _part.Write(bytes, BytesWritten);
        BytesWritten += bytes.Length;
        _stage = Stage.Growing;
    }

    public string Seal(FileDigests digests = default)
    {
        Begin();
        if (_space.Taken > BytesWritten)
            _part.Truncate(BytesWritten);
        _part.Seal(new FileStamp(_root.Now, digests));
        _part.Dispose();
        _stage = Stage.Sealed;
        return _partName;
    }

    public void Abandon()
    {
        if (_stage is Stage.Sealed or Stage.Abandoned)
            return;
        _stage = Stage.Abandoned;
        try
        {
            if (_settings.KeepParts > TimeSpan.Zero && BytesWritten > 0)
                _part.Truncate(BytesWritten);
            else
                _part.Remove();
        }
        catch (Exception e) when (e is StorageException or ObjectDisposedException)
        {
            // The upload is lost already, and its part file is found again by FileRoot.Recover.
        }
        _part.Dispose();
        _root.Forget(_partName);
    }

    public void Dispose() => Abandon();

    /// <summary>Takes the file for broken until the step that begins here has ended well.</summary>
    private void Begin()
    {
        if (_stage != Stage.Growing)
            throw new InvalidOperationException($"'{Name}' is {_stage} and takes no more");
        _stage = Stage.Broken;
    }
}
