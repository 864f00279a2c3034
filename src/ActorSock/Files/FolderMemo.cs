using ActorSock.Wire.Native;

namespace ActorSock.Files;

/// <summary>What was found in folders, for when nothing in them has changed since. Thread-safe.</summary>
/// <remarks>
/// What was not asked for since half as many others were found may be forgotten: the memory is that of <paramref name="countMax"/>
/// entries, some 200 bytes each.
/// </remarks>
/// <param name="countMax">So many folders.</param>
internal sealed class FolderMemo(int countMax = FolderMemo.CountMax)
{
    public const int CountMax = 1 << 16;

    private readonly Lock _gate = new();
    private Dictionary<ContentDigest, FolderContent> _young = [], _old = [];

    /// <param name="mark">Of all that the system says of the files, and of the name of the folder.</param>
    public FolderContent? Find(in ContentDigest mark)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(mark, out var content))
                return content;
            if (!_old.Remove(mark, out content))
                return null;
            Keep(mark, content);
            return content;
        }
    }

    public void Remember(in ContentDigest mark, in FolderContent content)
    {
        lock (_gate)
            Keep(mark, content);
    }

    private void Keep(in ContentDigest mark, in FolderContent content)
    {
        if (_young.Count >= countMax / 2)
            (_young, _old) = ([], _young);
        _young[mark] = content;
    }
}

/// <summary>What is in a folder, without what is in the folders in it.</summary>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">What they have together.</param>
/// <param name="Digest">Null when that of one of them is not known without reading it.</param>
internal readonly record struct FolderContent(long Files, long Bytes, ContentDigest? Digest);
