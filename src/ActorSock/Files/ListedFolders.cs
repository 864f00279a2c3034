namespace ActorSock.Files;

/// <summary>The folders that a listing is in, each in the one before it, and not too many names of them.</summary>
/// <param name="namesMax">A folder is looked through for so many, and all of them have twice as many in memory.</param>
internal sealed class ListedFolders(int namesMax)
{
    private readonly List<ListedFolder> _folders = []; // the innermost is the last

    public void Enter(ListedFolder folder) => _folders.Add(folder);

    /// <summary>The next name of the innermost folder that still has one; the others are left.</summary>
    /// <param name="folder">That folder.</param>
    /// <param name="name">The name.</param>
    /// <returns>False when there is none at all.</returns>
    public bool TryNext([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ListedFolder? folder, out ReadOnlySpan<byte> name)
    {
        while (_folders is [.., var innermost])
        {
            folder = innermost;
            if (folder.TryNext(namesMax, out name, out var isFresh))
            {
                if (isFresh)
                    ForgetTooMany();
                return true;
            }
            folder.Rest();
            _folders.RemoveAt(_folders.Count - 1);
        }
        folder = null;
        name = default;
        return false;
    }

    /// <summary>The outer folders forget their names first: their turn comes last.</summary>
    private void ForgetTooMany()
    {
        var count = _folders.Sum(static folder => (long)folder.Count);
        foreach (var outer in _folders.SkipLast(1))
        {
            if (count <= 2L * namesMax)
                return;
            count -= outer.Count;
            outer.Forget();
        }
    }
}
