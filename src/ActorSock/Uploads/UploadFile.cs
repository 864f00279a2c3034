using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Lanes;
using ActorSock.Settings;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>Grows one part file, and keeps beside it how far it has come.</summary>
internal sealed class UploadFile : IUploadFile
{
    private readonly UploadFolder _folder;
    private readonly string _stem;
    private readonly IPart _part;
    private readonly UploadState _state;
    private readonly SpaceAhead _space;
    private bool _isNameDurable, _isOver;

    public UploadFile(
        UploadFolder folder, FileRoot root, FilesSettings settings, string stem, IPart part, UploadState state, long start)
    {
        (_folder, _stem, _part, _state) = (folder, stem, part, state);
        _space = new SpaceAhead(root, part, state.Terms.Name, settings, start, state.Terms.Size);
        BytesWritten = start;
        _isNameDurable = start > 0;
    }

    public long BytesWritten { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        _space.Take(BytesWritten, BytesWritten + bytes.Length);
        _part.Write(bytes, BytesWritten);
        BytesWritten += bytes.Length;
    }

    public void Keep(DigestState state)
    {
        if (state.BytesCount > BytesWritten)
            throw new InvalidOperationException($"{state.BytesCount} bytes are to be kept of {BytesWritten}");
        _part.SyncBytes();
        FaultPoints.Reach(FaultPoint.AfterUploadSync);
        if (!_isNameDurable)
            _folder.SyncNames();
        _isNameDurable = true;
        _state.Keep(new UploadProgress.Growing(state));
        _state.Sync();
        FaultPoints.Reach(FaultPoint.AfterUploadKept);
    }

    public string Seal(DigestState state, Md5Digest md5, ContentDigest? sha256)
    {
        if (_space.Taken > BytesWritten)
            _part.Truncate(BytesWritten);
        _part.Seal(new FileStamp(_folder.Now, new FileDigests(md5, sha256)));
        _state.Keep(new UploadProgress.Sealed(BytesWritten, state, md5, sha256));
        _state.Sync(); // the journal may rename the part file as soon as it is told: then this must say where it went
        FaultPoints.Reach(FaultPoint.AfterUploadSeal);
        _isOver = true;
        Close();
        return UploadFolder.PartOf(_stem);
    }

    public void Abandon()
    {
        _isOver = true;
        Close();
        _folder.Drop(_stem);
    }

    public void Dispose()
    {
        if (_isOver)
            return;
        _isOver = true;
        try
        {
            if (_space.Taken > BytesWritten)
                _part.Truncate(BytesWritten); // what was taken ahead is others'
        }
        catch (StorageException)
        {
            // It is cut when it is opened again, or goes with the file.
        }
        Close();
    }

    private void Close()
    {
        _part.Dispose();
        _state.Dispose();
    }
}
